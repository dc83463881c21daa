internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Metrics
internal import Reconciler
internal import Time
internal import Wire

extension Coordinator {
  /// Makes the wire and the election agree with what is known now.
  ///
  /// - Returns: when to look again.
  mutating func settle(at now: Instant) -> Instant {
    followDuty()
    guard reconciler.serviceability != nil else { return performSteps() }
    let tellOfNameAt = tellOfTakenName(at: now)
    let until = performSteps()
    if readiness.lineDueAt <= now { reportStatusLine() }
    noteWithoutLease()
    handOvers.settle(reconciler.view, node: configuration.node, at: now)
    let checkAt = checkItself(at: now)
    // A turn that is over is followed by a look at the mail, not by another one.
    let stepsAt = until <= now ? until : performSteps()
    let linesAt = parts.log.tellRests(at: now)
    return min(stepsAt, tellOfNameAt, handOvers.nextDue, checkAt, readiness.lineDueAt, linesAt)
  }

  /// Writes what was gained and lost into the log, and remembers since when.
  mutating func tell(gained: Set<IPAddress>, lost: Set<IPAddress>) {
    history.noteArmed(gained, lost: lost, at: .now)
    noteForCheck(gained: gained, lost: lost)
    if !gained.isEmpty {
      let links = Dictionary(
        uniqueKeysWithValues: gained.map { address in
          (address, reconciler.armedLinks(of: address).map { name(of: $0) })
        })
      parts.log.gained(links)
      reportGained(links)
    }
    if !lost.isEmpty {
      // A walk over all Services for each: not for thousands, which get a line together.
      let isFew = lost.count <= EventLog.limit
      let reasons = Dictionary(
        uniqueKeysWithValues: lost.map { address in
          let isWanted = isFew || reconciler.serviceability?[address] != nil
          return (address, isWanted ? reasonForLoss(of: address) : "no longer wanted")
        })
      parts.log.lost(reasons)
      reportLost(reasons)
    }
  }

  /// Why nobody asks for an address any more: what its Services say, where they still have it.
  private func reasonNotWanted(_ address: IPAddress) -> String {
    let reasons = parts.cluster.explanations(of: address).map(\.description)
    return (["no longer wanted"] + reasons).joined(separator: "; ")
  }

  private func reasonForLoss(of address: IPAddress) -> String {
    guard let service = reconciler.serviceability?[address] else { return reasonNotWanted(address) }
    if let reason = service.reason { return reason.description }
    if reconciler.view.yielding.contains(address) { return "handed over" }
    if let reason = reconciler.view.losses[address] { return reason.description }
    if let holder = reconciler.view.holders[address] { return "held by node \(holder.node)" }
    return reconciler.impediment == nil ? "released" : "the wire could not be programmed"
  }

  /// One line for `systemctl status`, sent when it changes.
  mutating func reportStatusLine() {
    let (line, dueAt) = snapshot.statusLine
    readiness.lineDueAt = dueAt
    switch readiness.say(line, awaitsVerdicts: reconciler.awaitsVerdicts) {
    case nil: return
    case .ready(let line): parts.notifier.ready(status: line)
    case .status(let line): parts.notifier.status(line)
    }
    for answer in readiness.takeWaiting() { answer(knowledge) }
  }
}
