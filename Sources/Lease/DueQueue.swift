package import Time
package import Wire

/// Addresses and when each may be tried, the earliest first.
///
/// A binary heap with lazy removal: ten thousand addresses that come free at once must not cost a
/// scan each.
package struct DueQueue: Sendable {
  private struct Entry {
    let due: Instant
    let address: IPAddress

    static func < (left: Entry, right: Entry) -> Bool {
      left.due == right.due ? left.address < right.address : left.due < right.due
    }
  }

  private var heap: [Entry] = []
  private var dues: [IPAddress: Instant] = [:]

  package init() {}

  package var isEmpty: Bool { dues.isEmpty }

  package func contains(_ address: IPAddress) -> Bool { dues[address] != nil }

  /// Puts the address in, or moves it to another time.
  package mutating func insert(_ address: IPAddress, due: Instant) {
    if dues.updateValue(due, forKey: address) == due { return }
    heap.append(Entry(due: due, address: address))
    siftUp(heap.count - 1)
  }

  package mutating func remove(_ address: IPAddress) {
    dues[address] = nil
    if dues.isEmpty { heap.removeAll() }
  }

  package mutating func removeAll() {
    dues.removeAll()
    heap.removeAll()
  }

  /// When the first address is due; nil for none.
  package mutating func firstDue() -> Instant? {
    dropStale()
    return heap.first?.due
  }

  /// Takes out up to `limit` addresses that are due, in order of time, then of address.
  package mutating func take(dueAt now: Instant, limit: Int) -> [IPAddress] {
    var taken: [IPAddress] = []
    while taken.count < limit, let due = firstDue(), due <= now {
      let address = heap[0].address
      popFirst()
      dues[address] = nil
      taken.append(address)
    }
    return taken
  }

  /// The first entry may be of an address that was removed or moved since.
  private mutating func dropStale() {
    while let first = heap.first, dues[first.address] != first.due { popFirst() }
  }

  private mutating func popFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
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

  private mutating func siftUp(_ index: Int) {
    var child = index
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }
}
