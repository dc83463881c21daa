internal import Time
package import Wire

/// lease.md I2: every frame that asserts an address lies inside an interval in which the store had it in the
/// name of the node that sent the frame.
package struct Coverage: Sendable {
  /// A frame outside, and how far from the nearest interval of its node; nil where the node never
  /// had the address.
  package struct Stray: Hashable, Sendable {
    package let assertion: Assertion
    package let node: String
    package let distance: Duration?
  }

  package let strays: [Stray]

  /// - Parameters:
  ///   - stations: the nodes by hardware address; frames of others are not looked at.
  ///   - tolerance: how much earlier than its sighting an ownership may have begun. Its end has
  ///     none: what is deleted was deleted before anybody could see it.
  ///   - grace: how long a node may go on after the end, where somebody else ended its ownership
  ///     and it has to be told. Zero for everything that it knows itself.
  package init(
    _ assertions: [Assertion], stations: [MACAddress: String], history: OwnershipHistory,
    tolerance: Duration, grace: Duration = .zero
  ) {
    strays = assertions.compactMap { assertion in
      guard let node = stations[assertion.station] else { return nil }
      let distances = (history.ownerships[assertion.address] ?? [])
        .filter { $0.node == node }
        .map { ownership -> Duration in
          let early = (ownership.from - tolerance) - assertion.time
          let late = ownership.until.map { assertion.time - ($0 + grace) } ?? .zero
          return max(early, late, .zero)
        }
      let nearest = distances.min()
      guard nearest != .zero else { return nil }
      return Stray(assertion: assertion, node: node, distance: nearest)
    }
  }
}
