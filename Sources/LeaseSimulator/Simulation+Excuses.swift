internal import Lease
internal import Time

/// An operator who revokes a session or deletes a claim cannot ask for exclusion from the moment of the act
/// on: the holder has to hear of it. From then on everything holds again.
extension Simulation {
  func excuse(_ owner: ModelStore.Owner, _ session: SessionID, for address: Int) {
    guard nodes[owner.node].process == owner.process else { return }
    excuses[owner.node][address] = Excuse(
      session: session, revision: store.revision, at: now)
  }

  /// The watch has told everything from where it began to listen up to `revision`.
  func hear(_ revision: UInt64, _ node: SimulatedNode) {
    for address in plan.addresses.indices {
      if let excuse = excuses[node.index][address], excuse.revision > node.listensFrom,
        excuse.revision <= revision
      {
        excuses[node.index][address]?.isHeard = true
      }
    }
  }

  /// An answer may tell as well.
  func hear(_ outcome: Outcome, of call: Call, sentAt: Moment, _ node: SimulatedNode) {
    let localSentAt = call.sentAt
    if outcome.isConfirmation, let granted = node.election.view.timeToLive,
      let timing = try? plan.timing.granted(granted)
    {
      node.leaseDeadline = max(node.leaseDeadline, localSentAt + timing.hold)
      node.confirmedAt = max(node.confirmedAt, sentAt)
    }
    for address in plan.addresses.indices {
      guard let excuse = excuses[node.index][address] else { continue }
      switch outcome {
      case .renewal(.sessionGone) where call.request == .renew(excuse.session):
        excuses[node.index][address]?.isHeard = true
      // The answer to a read that was given up on tells nothing.
      case .picture where sentAt > excuse.at && node.election.view.confirmedAt >= localSentAt:
        let since = node.election.view.held[plan.addresses[address]]?.since
        if since.map({ $0 <= localSentAt }) ?? true {
          excuses[node.index][address]?.isHeard = true
        }
      default: break
      }
    }
  }

  /// The coordinator has acted on what was heard.
  func settleExcuses(_ node: SimulatedNode) {
    for address in plan.addresses.indices
    where excuses[node.index][address]?.isHeard == true {
      excuses[node.index][address] = nil
      probe(address, at: node)
    }
  }
}

extension Outcome {
  /// The session lasts for another TTL.
  fileprivate var isConfirmation: Bool {
    switch self {
    case .renewal(.renewed), .opening(.opened): true
    default: false
    }
  }
}
