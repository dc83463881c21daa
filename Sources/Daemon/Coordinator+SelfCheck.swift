internal import Announcer
internal import Configuration
internal import Control
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// Looks whether what is held is answered for: in the program itself every time, and from other links
/// of this node where there are any on the LAN.
///
/// What the program finds wrong with itself it repairs, by programming the wire anew. What only shows
/// from outside it reports: in the log, the status, the metrics, and by not being ready. Where nothing was
/// asked, nothing has passed: `Coordinator+Unchecked` says why.
extension Coordinator {
  /// After a takeover: when the announcements have left.
  private static let settlingTime = Duration.milliseconds(500)
  /// Before a failure is looked at a second time, and believed.
  private static let secondLook = Duration.seconds(2)

  /// - Returns: when to look again.
  mutating func checkItself(at now: Instant) -> Instant {
    guard let interval = configuration.selfCheck.interval else {
      // What failed before it was switched off keeps nobody from being ready.
      selfChecking.failures = []
      selfChecking.warnings = []
      selfChecking.sharedLANs = []
      return .distantFuture
    }
    guard !selfChecking.isAsking else { return .distantFuture }
    guard selfChecking.dueAt <= now else { return selfChecking.dueAt }
    selfChecking.dueAt = now + interval
    checkInside()
    trySendingEverywhere()
    // What was gained just now has been asked for, or another node may still be leaving it.
    if selfChecking.fresh.isEmpty, reconciler.deadline > now {
      reconciler.askForAShare(at: now)
    }
    let questions = questions()
    selfChecking.fresh = []
    // Without a question, too, it is to be known whether the links hear anything.
    if reconciler.armed.isEmpty { noteRound() } else { ask(questions) }
    return selfChecking.dueAt
  }

  mutating func noteForCheck(gained: Set<IPAddress>, lost: Set<IPAddress>) {
    selfChecking.disturbed.formUnion(lost)
    selfChecking.fresh.formUnion(gained)
    selfChecking.fresh.subtract(lost)
    guard !gained.isEmpty else { return }
    selfChecking.dueAt = min(selfChecking.dueAt, .now + Self.settlingTime)
  }

  /// Takes over what the other links heard.
  mutating func hear(_ round: SelfCheckRound) {
    selfChecking.isAsking = false
    guard configuration.selfCheck.interval != nil else { return }
    if !selfChecking.isVoid, reconciler.deadline > .now {
      for answer in round.answers {
        // From where nothing could be asked, nothing was answered.
        let stations = answer.stations ?? [:]
        let question = answer.asked.question
        let standing = stations.filter { address, _ in
          let claim = Claim(address: address, interfaceIndex: question.link.index)
          return reconciler.armed[claim]?.link == question.link
            && reconciler.armed[claim]?.hardwareAddress == answer.asked.expected
            && !selfChecking.disturbed.contains(address)
        }
        selfChecking.check.report(standing, to: question, expected: answer.asked.expected)
      }
    }
    noteRound(round)
  }

  /// Held ⇔ armed, and what is armed would be answered.
  private mutating func checkInside() {
    var findings: [String] = []
    let (missing, surplus) = reconciler.deviations
    findings += missing.sorted().map { "\($0) is held, but was not armed" }
    findings += surplus.sorted().map { "\($0) was armed, but is not held" }
    // A gate that is shut is the lease's business, and shown there.
    let silences = parts.responder.silences(among: reconciler.armed.keys).filter {
      $0.value != .gateClosed
    }
    findings += silences.sorted { $0.key.address < $1.key.address }.map { claim, reason in
      "\(claim.address) on \(name(of: claim.interfaceIndex)) would not be answered: \(reason.name)"
    }
    if !findings.isEmpty {
      // Whatever the table is now, it is made anew.
      reconciler.armAgain()
    }
    selfChecking.inside = findings
  }

  private mutating func questions() -> [WitnessQuestion] {
    guard reconciler.deadline > .now, let links else { return [] }
    let byIndex = Dictionary(uniqueKeysWithValues: links.map { ($0.id.index, $0) })
    let candidates = askers()
    return selfChecking.check
      .questions(
        about: announcedByLink, from: candidates.map(\.id), twins: twins(among: candidates),
        fresh: selfChecking.fresh
      )
      .compactMap { question in
        guard let witness = byIndex[question.witness.index],
          let expected = byIndex[question.link.index]?.hardwareAddress,
          witness.hardwareAddress != expected
        else { return nil }
        return WitnessQuestion(question: question, witness: witness, expected: expected)
      }
  }

  /// What is armed, by link.
  var announcedByLink: [LinkID: [IPAddress]] {
    Dictionary(grouping: reconciler.armed, by: \.value.link).mapValues { $0.map(\.key.address) }
  }

  /// The links on which something is armed.
  var announcingLinks: [Link] {
    let indices = reconciler.armedLinks
    return (links ?? []).filter { indices.contains($0.id.index) }
  }

  /// For each link that announces, those to ask from that have its hardware address, such as a VLAN's parent.
  func twins(among candidates: [Link]) -> [LinkID: Set<LinkID>] {
    Dictionary(
      uniqueKeysWithValues: announcingLinks.map { link in
        (link.id, Set(candidates.filter { $0.hardwareAddress == link.hardwareAddress }.map(\.id)))
      })
  }

  /// `askers(among:)` of the links as they are; worked out again when they, or the patterns, have changed.
  mutating func askers() -> [Link] {
    if let askers = selfChecking.askers { return askers }
    let askers = askers(among: links ?? [])
    selfChecking.askers = askers
    return askers
  }

  /// Links to ask from: those that are named for it; otherwise those that could announce themselves,
  /// and those left out only because they share another's LAN.
  ///
  /// Where frames are handed to another link, a capture still sees them first: such a link cannot hold an
  /// address, and can ask where a pattern for asking names it exactly.
  private func askers(among links: [Link]) -> [Link] {
    let named = configuration.selfCheck.interfaces
    let selection = InterfaceSelection(
      patterns: named.isEmpty ? configuration.interfaces : named, links: links)
    let chosen = selection.verdicts.filter { verdict in
      switch verdict.reason {
      case .sameLAN: true
      case .port, .portOfUnknownMaster, .framesTaken:
        named.contains { $0.names(exactly: verdict.name) }
      default: verdict.state == .active
      }
    }
    let ids = Set(chosen.map(\.link))
    return links.filter { ids.contains($0.id) && $0.canCarry }.sorted { $0.id.index < $1.id.index }
  }

  private mutating func ask(_ questions: [WitnessQuestion]) {
    selfChecking.isAsking = true
    selfChecking.isVoid = false
    selfChecking.disturbed = []
    parts.askFromOutside(questions)
  }

  /// Says what has changed since the last round.
  private mutating func noteRound(_ round: SelfCheckRound? = nil) {
    selfChecking.lastAt = .now
    selfChecking.wasInDoubt =
      !reconciler.armed.isEmpty && (selfChecking.isVoid || reconciler.deadline <= .now)
    noteUnchecked()
    noteWarnings(received: round?.received ?? [:])
    selfChecking.witnesses = Dictionary(
      selfChecking.check.witnesses.map {
        (name(of: $0.key.index), name(of: $0.value.index))
      }, uniquingKeysWith: { first, _ in first })
    if selfChecking.check.isInDoubt || selfChecking.wasInDoubt && reconciler.deadline > .now {
      selfChecking.dueAt = min(selfChecking.dueAt, .now + Self.secondLook)
    }
    let failures =
      selfChecking.inside
      + selfChecking.check.failures.map { failure in
        let others = failure.others.map(\.description).joined(separator: ", ")
        return "\(failure.address) on \(name(of: failure.link.index)), asked for from "
          + "\(name(of: failure.witness.index)): "
          + (others.isEmpty ? "nobody answers" : "\(others) answers instead")
      }
    if failures != selfChecking.failures { parts.log.selfCheck(failures) }
    selfChecking.failures = failures
  }
}
