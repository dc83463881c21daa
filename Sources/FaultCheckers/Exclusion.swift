package import Time
package import Wire

/// lease.md I1: frames that assert an address form disjoint intervals per node.
///
/// An interval reaches from the first to the last frame that a node sent in the name of one
/// ownership. A frame that a node sends late, when its successor speaks already, stretches its
/// interval into the successor's: that is an overlap, however rare the frames are. A node that has
/// the address again later speaks in the name of another ownership, which is another interval.
package struct Exclusion: Sendable {
  /// Two nodes that both asserted an address for a while.
  package struct Overlap: Hashable, Sendable {
    package let address: IPAddress
    package let first: String
    package let second: String
    package let from: Instant
    package let duration: Duration
  }

  package let overlaps: [Overlap]

  /// The longest overlap; zero where there is none.
  package var worst: Duration { overlaps.map(\.duration).max() ?? .zero }

  private struct Interval {
    let node: String
    let first: Instant
    var last: Instant
  }

  private struct Run: Hashable {
    let address: IPAddress
    let node: String
    let epoch: Int64?
  }

  /// - Parameters:
  ///   - stations: the nodes by hardware address; frames of others are not looked at.
  ///   - tolerance: how long before the sighting of its beginning an ownership may have begun.
  package init(
    _ assertions: [Assertion], stations: [MACAddress: String], history: OwnershipHistory,
    tolerance: Duration
  ) {
    var intervals: [Run: Interval] = [:]
    for assertion in assertions.sorted(by: { $0.time < $1.time }) {
      guard let node = stations[assertion.station] else { continue }
      let ownership = history.ownership(
        of: assertion.address, by: node, begunAt: assertion.time, tolerance: tolerance)
      let run = Run(address: assertion.address, node: node, epoch: ownership?.epoch)
      intervals[run, default: Interval(node: node, first: assertion.time, last: assertion.time)]
        .last = assertion.time
    }
    var overlaps: [Overlap] = []
    for (address, runs) in Dictionary(grouping: intervals, by: \.key.address) {
      let sorted = runs.map(\.value).sorted { $0.first < $1.first }
      for (index, earlier) in sorted.enumerated() {
        for later in sorted[(index + 1)...] where later.node != earlier.node {
          guard later.first < earlier.last else { break }
          overlaps.append(
            Overlap(
              address: address, first: earlier.node, second: later.node, from: later.first,
              duration: min(earlier.last, later.last) - later.first))
        }
      }
    }
    self.overlaps = overlaps.sorted { $0.from < $1.from }
  }
}
