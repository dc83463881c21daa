internal import Time
package import Wire

/// lease.md I3: epochs of successive owners increase, in the store and in the order of what was said on the
/// LAN.
package struct EpochOrder: Sendable {
  /// What was out of order, in words.
  package let complaints: [String]

  package init(
    _ assertions: [Assertion], stations: [MACAddress: String], history: OwnershipHistory,
    tolerance: Duration
  ) {
    var complaints: [String] = []
    let nodes = Set(stations.values)
    for (address, all) in history.ownerships {
      // What an operator writes over a claim is nobody's, and keeps the key's epoch.
      let list = all.filter { nodes.contains($0.node) }
      for (earlier, later) in zip(list, list.dropFirst()) where later.epoch <= earlier.epoch {
        complaints.append(
          "\(address): epoch \(later.epoch) of \(later.node) follows \(earlier.epoch) of "
            + earlier.node)
      }
    }
    var spoken: [IPAddress: Ownership] = [:]
    for assertion in assertions.sorted(by: { $0.time < $1.time }) {
      guard let node = stations[assertion.station],
        let ownership = history.ownership(
          of: assertion.address, by: node, begunAt: assertion.time, tolerance: tolerance)
      else { continue }
      if let before = spoken[assertion.address], before.epoch > ownership.epoch {
        complaints.append(
          "\(assertion.address): at \(assertion.time) \(node) speaks in epoch \(ownership.epoch), "
            + "after \(before.node) in epoch \(before.epoch)")
      } else {
        spoken[assertion.address] = ownership
      }
    }
    self.complaints = complaints
  }
}
