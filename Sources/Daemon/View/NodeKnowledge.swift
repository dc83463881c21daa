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

  /// What is to be announced here, by this node or another.
  var wanted: some Collection<IPAddress> { assignments.addresses.keys }

  /// The session of this process; nil where there is none.
  var session: SessionID? {
    if case .open(let id) = view.session { id } else { nil }
  }

  /// The claims that this node announces by, which the store should know.
  var held: [IPAddress: Epoch] {
    var held: [IPAddress: Epoch] = [:]
    for (address, claim) in view.held where !view.heldWithoutLease.contains(address) {
      held[address] = claim.epoch
    }
    return held
  }
}
