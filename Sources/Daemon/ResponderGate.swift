internal import Lease
internal import RawSocket

/// The responder's deadline and table, moved by the election itself (lease.md §2.17).
struct ResponderGate: LeaseGate {
  let responder: Responder

  func apply(_ change: GateChange) {
    // Silence first.
    switch change.deadline {
    case .shut: responder.shut()
    case .back(let deadline): responder.shorten(to: deadline)
    case .forward, nil: break
    }
    if !change.lost.isEmpty { responder.revoke(change.lost, revision: change.revision) }
    if case .forward(let deadline) = change.deadline { responder.extend(to: deadline) }
  }
}
