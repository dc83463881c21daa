internal import Announcer
internal import Lease
internal import Wire

/// What the coordinator knows at one moment of who has which address.
struct NodeKnowledge: Sendable {
  let version: String
  let node: String
  let backend: String
  let place: String
  let view: LeaseView
  let assignments: Assignments
  /// Whether this node takes part in giving addresses out of the pools.
  var givesAddresses = false
  /// What its links say against pools.
  var poolWarnings: [String] = []
  /// Stations on its links that assert an address, and are no nodes that it knows.
  var stations: [IPAddress: KnownAddresses.Station] = [:]
  /// The configuration in force.
  var loaded: LoadedConfiguration?

  /// What is to be announced here, by this node or another.
  var wanted: some Collection<IPAddress> { assignments.addresses.keys }

  /// The session of this process; nil where there is none.
  var session: SessionID? {
    if case .open(let id) = view.session { id } else { nil }
  }

  /// The claims that this node has announced by since an earlier moment, which the store should know all
  /// that time: what was handed over meanwhile is no contradiction.
  func heldThroughout(since earlier: NodeKnowledge) -> [IPAddress: Epoch] {
    var held: [IPAddress: Epoch] = [:]
    held.reserveCapacity(view.held.count)
    for (address, claim) in view.held
    where earlier.view.held[address]?.epoch == claim.epoch
      && !view.heldWithoutLease.contains(address)
      && !earlier.view.heldWithoutLease.contains(address)
    {
      held[address] = claim.epoch
    }
    return held
  }
}
