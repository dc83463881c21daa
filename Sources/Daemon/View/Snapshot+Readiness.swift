internal import Announcer
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Reconciler
internal import Time

/// Whether this node is ready, and the line for the service manager.
extension Snapshot {
  /// Why this node is not ready to announce; empty where it is. A node that is drained, or that has
  /// nothing to announce, is as ready as it is meant to be.
  ///
  /// - Parameter unknowns: what the cluster's objects do not tell yet.
  func obstacles(unknowns: [String]) -> [String] {
    var obstacles: [String] = []
    let trouble = view.error.map { ": \($0)" } ?? ""
    if !isSettled { obstacles.append("the interfaces of this node are not known yet") }
    switch view.session {
    case .open: break
    case .waiting(let other):
      obstacles.append(nameTaken ?? "the name '\(configuration.node)' belongs to \(other)")
    case .opening, .closed: obstacles.append("no session in the lease store\(trouble)")
    }
    if let error = reconciler.impediment?.filters {
      obstacles.append("the sockets cannot be programmed: \(error)")
    }
    if !view.held.isEmpty, view.deadline <= at {
      obstacles.append("the lease could not be renewed in time\(trouble)")
    }
    obstacles += unknowns
    obstacles += sendObstacles
    let failures = selfChecking.failures
    obstacles += failures.prefix(3)
    if failures.count > 3 { obstacles.append("\(failures.count - 3) more self-checks failed") }
    return obstacles
  }

  /// Where the kernel refuses to send.
  private var sendObstacles: [String] {
    (reconciler.serviceability?.verdicts ?? []).compactMap { verdict in
      let reason = [verdict.reason, verdict.arpReason, verdict.ndpReason].compactMap(\.self)
        .first { if case .sendRefused = $0 { true } else { false } }
      return reason.map { "\(verdict.name): \($0)" }
    }
  }

  /// One line for `systemctl status`, and when a conflict that it counts is over.
  var statusLine: (text: String, dueAt: Instant) {
    var line = "announcing \(history.armedSince.count) of \(assignments.addresses.count) addresses"
    let contested = contestedAddresses(since: at - ConflictDefence.memory)
    if !contested.isEmpty {
      line += ", \(contested.count) \(contested.count == 1 ? "conflict" : "conflicts")"
    }
    if isDrained { line += ", drained" }
    if let nameTaken { line += ", \(nameTaken)" }
    if let error = view.error { line += ", lease: \(error)" }
    if loaded.needsRestart {
      line += ", the new configuration needs a restart"
    } else if loaded.error != nil {
      line += ", the new configuration was refused"
    }
    let dueAt = contested.values.map(\.lastSeenAt).min().map {
      $0 + ConflictDefence.memory + .seconds(1)
    }
    return (line, dueAt ?? .distantFuture)
  }
}
