/// What is to happen, the earliest first; what is due at the same moment in the order in which it was
/// added.
///
/// A binary heap of plain numbers; the events themselves, which are reference-counted, stay where they are.
struct EventQueue<Event> {
  private struct Entry {
    let due: Moment
    let number: UInt64
    let place: Int

    static func < (left: Entry, right: Entry) -> Bool {
      left.due == right.due ? left.number < right.number : left.due < right.due
    }
  }

  private var heap: [Entry] = []
  private var events: [Event?] = []
  private var free: [Int] = []
  private var lastNumber: UInt64 = 0

  mutating func add(_ event: Event, at due: Moment) {
    if due == .never { return }
    lastNumber += 1
    let place: Int
    if let used = free.popLast() {
      place = used
      events[place] = event
    } else {
      place = events.count
      events.append(event)
    }
    heap.append(Entry(due: due, number: lastNumber, place: place))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func next() -> (event: Event, due: Moment)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      siftDown()
    }
    free.append(first.place)
    return (events[first.place].take()!, first.due)
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count && heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
