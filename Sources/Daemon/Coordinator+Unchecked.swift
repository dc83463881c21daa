internal import Announcer
internal import Configuration
internal import Control
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// What the self-check says beside "passed" and "failed": that nothing was asked and why, that somebody else
/// claims an address, that links hear nothing, that links share a LAN.
extension Coordinator {
  /// For how long after it was heard last a conflict keeps an address from having passed.
  private static let contestedFor = Duration.seconds(60)

  var selfCheckStatus: SelfCheckStatus {
    let contested = contestedAddresses(since: .now - Self.contestedFor)
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

  /// Conflicts about what is announced here, or would be if nobody had it, by address.
  func contestedAddresses(since instant: Instant) -> [IPAddress: ConflictDefence.Record] {
    let armed = reconciler.defence.records(since: instant).filter { history.isArmed($0.key) }
    return armed.merging(reconciler.occupants) { armed, _ in armed }
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
    let contested = contestedAddresses(since: .now - ConflictDefence.memory)
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

  // MARK: After a round, or a change

  /// Says of which links nothing is known from outside, and why.
  mutating func noteUnchecked() {
    guard configuration.selfCheck.interval != nil else { return }
    let candidates = askers()
    let announcing = announcingLinks.map(\.id)
    let unchecked = selfChecking.check.unchecked(
      announcing, from: candidates.map(\.id), twins: twins(among: candidates))
    selfChecking.unchecked = Dictionary(
      unchecked.map { (name(of: $0.key.index), words(for: $0.value)) },
      uniquingKeysWith: { first, _ in first })
    selfChecking.outside = outside(unchecked, of: announcing.count)
  }

  private func outside(
    _ unchecked: [LinkID: SelfCheck.Unchecked], of count: Int
  ) -> SelfChecking.Outside {
    if reconciler.armed.isEmpty { return .unknown("nothing is announced on this node") }
    if selfChecking.wasInDoubt {
      return .unknown("the lease was in doubt meanwhile, and nothing was answered")
    }
    guard unchecked.count == count else { return .known }
    if unchecked.values.contains(.notAskedYet) { return .pending }
    let reasons = Set(selfChecking.unchecked.values)
    if let only = reasons.first, reasons.count == 1 { return .unknown(only) }
    return .unknown(
      selfChecking.unchecked.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        .joined(separator: "; "))
  }

  private func words(for unchecked: SelfCheck.Unchecked) -> String {
    func names(_ links: [LinkID]) -> String {
      links.map { name(of: $0.index) }.joined(separator: ", ")
    }
    return switch unchecked {
    case .noSecondLink: "no second interface to ask from"
    case .sameHardwareAddress(let links):
      "no second interface to ask from: \(names(links)) has the same hardware address"
    case .noAnswer(let links): "no answer came to \(names(links)), which may lead to another LAN"
    case .notAskedYet: "not asked yet"
    }
  }

  /// Links that hear nothing, and links that share a LAN: said when it begins.
  mutating func noteWarnings(received: [Int32: UInt64]) {
    let announced = announcedByLink
    let deaf = selfChecking.hearing.judge(announcingLinks, received: received, at: .now)
    selfChecking.sharedLANs = selfChecking.check.sharedLANs(among: announced)
      .map { links in links.map { name(of: $0.index) } }
    let warnings =
      selfChecking.sharedLANs.map { names in
        "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "") are on one LAN and "
          + "announce the same addresses, so that neighbours are told several hardware addresses for one "
          + "address: leave one of them to `interfaces`, or make a bond of them"
      }
      + deaf.map { link in
        "\(name(of: link.index)) has received no frame since it came up, so that nobody can ask here: look at "
          + "the cable, the switch's port and its VLAN"
      }
    for warning in warnings where !selfChecking.warnings.contains(warning) {
      parts.log.warn(warning)
    }
    selfChecking.warnings = warnings
  }
}
