/// A first-in, first-out queue on an array: both ends in constant time, amortized.
struct FIFO<Element> {
  private var elements: [Element] = []
  private var head = 0

  var first: Element? { head < elements.count ? elements[head] : nil }

  var count: Int { elements.count - head }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func removeFirst() {
    head += 1
    // Give the room back once the used-up part outweighs the rest.
    if head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
  }
}

extension FIFO: Sendable where Element: Sendable {}
