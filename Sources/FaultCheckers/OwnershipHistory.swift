package import Time
package import Wire

/// Who owned what, and when, as the store's own history tells it.
package struct OwnershipHistory: Sendable {
  /// In the order of the store.
  package private(set) var ownerships: [IPAddress: [Ownership]] = [:]
  /// Claims that changed hands without having been released or expired, in words.
  package private(set) var overwritten: [String] = []

  /// - Parameter events: in any order; those of one revision in the order of the transaction.
  package init(events: [StoreEvent]) {
    var nodes: [Int64: String] = [:]
    for event in Self.ordered(events) {
      switch event.change {
      case .session(let node, let lease): nodes[lease] = node
      case .sessionEnded: break
      case .claim(let address, let lease, let epoch):
        let node = nodes[lease] ?? (lease == 0 ? "nobody" : "lease \(String(lease, radix: 16))")
        take(address, node: node, epoch: epoch, at: event.seen)
      case .released(let address): end(address, at: event.seen)
      }
    }
  }

  /// Sorted by revision, each seen no later than what followed it: who saw a later revision knows
  /// that the earlier one had happened.
  private static func ordered(_ events: [StoreEvent]) -> [StoreEvent] {
    var sorted = events.enumerated().sorted {
      ($0.element.revision, $0.offset) < ($1.element.revision, $1.offset)
    }.map(\.element)
    var earliest = Instant.distantFuture
    for index in sorted.indices.reversed() {
      let event = sorted[index]
      earliest = min(earliest, event.seen)
      sorted[index] = StoreEvent(revision: event.revision, seen: earliest, change: event.change)
    }
    return sorted
  }

  private mutating func take(_ address: IPAddress, node: String, epoch: Int64, at seen: Instant) {
    if let current = ownerships[address]?.last, current.until == nil {
      // The holder may write its own claim anew, as often as it likes.
      if current.node == node && current.epoch == epoch { return }
      overwritten.append("the claim on \(address) went from \(current.node) to \(node) unreleased")
      end(address, at: seen)
    }
    ownerships[address, default: []].append(
      Ownership(address: address, node: node, epoch: epoch, from: seen))
  }

  private mutating func end(_ address: IPAddress, at seen: Instant) {
    guard var list = ownerships[address], let last = list.indices.last, list[last].until == nil
    else { return }
    list[last].until = seen
    ownerships[address] = list
  }

  /// The owner of an address at an instant; nil where nobody was.
  package func owner(of address: IPAddress, at time: Instant) -> Ownership? {
    ownerships[address]?.last { $0.from <= time && time < ($0.until ?? .distantFuture) }
  }

  /// The latest ownership of `node` that had begun at `time`, ended or not: the one in whose name
  /// a frame of that node was sent.
  ///
  /// - Parameter tolerance: how long before the sighting of its beginning an ownership may have
  ///   begun.
  package func ownership(
    of address: IPAddress, by node: String, begunAt time: Instant, tolerance: Duration
  ) -> Ownership? {
    ownerships[address]?.last { $0.node == node && $0.from - tolerance <= time }
  }
}
