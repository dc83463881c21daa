internal import Announcer
internal import Configuration
internal import Control
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// What the self-check says beside "passed" and "failed": that nothing was asked and why, that somebody else
/// claims an address.
extension Snapshot {
  /// For how long after it was heard last a conflict keeps an address from having passed.
  private static let contestedFor = Duration.seconds(60)

  var selfCheckStatus: SelfCheckStatus {
    let contested = contestedAddresses(since: at - Self.contestedFor)
      .filter { history.isArmed($0.key) }
    let state: SelfCheckStatus.State =
      if configuration.selfCheck.interval == nil {
        .off
      } else if selfChecking.lastAt == nil {
        .pending
      } else if !selfChecking.failures.isEmpty {
        .failed
      } else if !contested.isEmpty {
        .contested
      } else {
        switch selfChecking.outside {
        case .known: .passed
        case .pending: .pending
        case .unknown: .unchecked
        }
      }
    let reason: String? =
      switch state {
      case .contested: contestedText(contested)
      case .unchecked: selfChecking.outside.reason
      default: nil
      }
    return SelfCheckStatus(
      state: state, lastAt: selfChecking.lastAt, witnesses: selfChecking.witnesses,
      unchecked: state == .off ? [:] : selfChecking.unchecked, reason: reason,
      failures: selfChecking.failures)
  }

  private func contestedText(_ contested: [IPAddress: ConflictDefence.Record]) -> String {
    let texts = contested.sorted { $0.key < $1.key }
      .map { "\($0.key): \($0.value.hardwareAddress)" }
    let shown = texts.prefix(3).joined(separator: ", ")
    let more = texts.count > 3 ? " and \(texts.count - 3) more" : ""
    return "another station claims \(shown)\(more)"
  }

  /// What a conflict most likely is where the lease cannot know better: `local` sees the processes of one
  /// machine, and is the default.
  var conflictWarnings: [String] {
    guard configuration.lease.backend == .local else { return [] }
    let contested = contestedAddresses(since: at - ConflictDefence.memory)
    guard let (address, record) = contested.min(by: { $0.key < $1.key }) else { return [] }
    let more = contested.count > 1 ? " (and \(contested.count - 1) more)" : ""
    return [
      "\(record.hardwareAddress) on \(name(of: record.interfaceIndex)) claims \(address) too\(more): most "
        + "likely another machine is set up to announce it, because `lease.backend: local` knows this "
        + "machine only; leases that span machines are `etcd` and `kubernetes`"
    ]
  }

  /// What is said about patterns and links, without the guess that a round has confirmed.
  var unconfirmedNotes: [SelectionNote] {
    (reconciler.serviceability?.notes ?? []).filter { note in
      guard case .sameSubnet(let names, _) = note else { return true }
      return !selfChecking.sharedLANs.contains { Set($0).isSuperset(of: names) }
    }
  }
}
