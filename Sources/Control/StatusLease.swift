extension StatusText {
  // MARK: Lease

  var lease: String {
    let lease = status.lease
    // A store without expiry is on this machine: nothing has to be renewed.
    var text = lease.backend
    switch lease.state {
    case .none: text += " (this machine only)"
    // Nothing is lost that there never was.
    case .lost where lease.lastRenewalMs == nil: text += ", no session yet"
    default: text += ", \(lease.state.rawValue)"
    }
    if let endpoint = lease.endpoint { text += ", \(endpoint)" }
    if let deadline = lease.deadlineInMs, deadline > 0 {
      text += ", silent in \(deadline) ms unless renewed"
    } else if lease.deadlineInMs != nil, !lease.holding {
      text += ", silent until renewed"
    }
    if let last = lease.lastRenewalMs {
      let tenths = (last * 10).rounded()
      text += ", last renewal \(tenths < 1e9 ? "\(tenths / 10)" : "\(last)") ms"
    }
    return text
  }

  var leaseTone: TerminalStyle.Tone? {
    let lease = status.lease
    return switch lease.state {
    case .healthy: nil
    case .uncertain: .caution
    case .lost: lease.lastRenewalMs == nil ? .caution : .bad
    default: nil
    }
  }

  /// What is not always so, the worst first; a line each.
  var leaseFacts: [(text: String, tone: TerminalStyle.Tone?)] {
    let lease = status.lease
    var facts: [(text: String, tone: TerminalStyle.Tone?)] = []
    if lease.holding {
      let count = status.addresses.count { $0.state == .announcing }
      facts.append(
        (
          "holding \(TextLayout.count(count, "address", "addresses")) WITHOUT a lease: "
            + "another part of the LAN may answer too", .bad
        ))
    }
    if let error = lease.error { facts.append((error, .bad)) }
    if let asked = lease.configuredDurationMs, let granted = lease.durationMs, asked != granted {
      facts.append(
        (
          "the store \(granted > asked ? "raised" : "lowered") the lease from "
            + "\(Self.duration(asked)) to \(Self.duration(granted))", .caution
        ))
    }
    let moves = lease.transitions
    if let text = Self.list([
      "gained": moves.gained, "lost": moves.lost, "handed over": moves.handedOver,
    ]) {
      facts.append(("claims since the start: \(text)", nil))
    }
    if let errors = Self.list(lease.errors) { facts.append(("store errors: \(errors)", nil)) }
    if lease.refusedByGate > 0 {
      let frames = TextLayout.count(lease.refusedByGate, "frame", "frames")
      facts.append(("\(frames) not answered because the lease had run out", nil))
    }
    return facts
  }

  private static func duration(_ milliseconds: Int) -> String {
    milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
