internal import Announcer
internal import Configuration
internal import HostAudit
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// What the reconciler decides is done here, and what became of it is reported back. Nothing is decided here.
extension Coordinator {
  /// Performs steps until there is nothing to do but wait.
  ///
  /// - Returns: when to look again.
  mutating func performSteps() -> Instant {
    hearStations()
    while true {
      let step = reconciler.next(at: .now)
      if case .wait(let until) = step { return until }
      perform(step)
    }
  }

  mutating func perform(_ step: Reconciler.Step) {
    switch step {
    case .arm(let set, let revision): arm(set, revision: revision)
    case .amend(let change, let revision): amend(change, revision: revision)
    case .join(let groups): join(groups)
    case .silence: parts.responder.silence()
    case .compete(let addresses): parts.lease.driver.compete(for: addresses)
    case .giveUp(let addresses):
      handOvers.noteSilent(addresses, at: .now)
      parts.lease.driver.giveUp(addresses)
    case .verify: parts.lease.driver.verify()
    case .yieldToRival(let address): parts.lease.driver.hear(address)
    case .announce(let claim, let isFirst):
      noteSent(parts.responder.announce(claim), of: claim, isFirst: isFirst)
    case .defend(let claim): noteSent(parts.responder.defend(claim), of: claim)
    case .ask(let claim): parts.responder.askQuietly(for: claim)
    case .askForRivals(let claims):
      parts.responder.ask(for: claims)
      parts.lease.driver.noteAsked()
    case .trySending(let way, let address, let from): trySending(way, address, from: from)
    case .lookUp(let addresses):
      reconciler.report(answeredByKernel: answeredByKernel(addresses))
    case .listen(let set): listen(set)
    case .question(let claims): for claim in claims { parts.scout.ask(for: claim) }
    case .reassess: noteStations()
    case .settled:
      noteUnchecked()
      readiness.noteSettled()
      reportStatusLine()
    case .summarize(let summary):
      parts.log.conflicts(summary, name(of: summary.latest.interfaceIndex))
    // Waiting is the loop's, the end that of `shutDown`.
    case .wait, .end: break
    }
  }

  private mutating func arm(_ set: ArmedSet, revision: UInt64) {
    var failure: SystemError?
    do throws(SystemError) {
      try parts.responder.replace(
        claims: Array(set.claims.keys), links: set.links,
        ownHardwareAddresses: set.ownHardwareAddresses, revision: revision)
    } catch {
      failure = error
      parts.log.programmingFailed(error)
    }
    let had = armedAddresses
    reconciler.report(arming: failure?.description, at: .now)
    let has = armedAddresses
    tell(gained: has.subtracting(had), lost: had.subtracting(has))
  }

  private var armedAddresses: Set<IPAddress> { Set(reconciler.armed.keys.lazy.map(\.address)) }

  private mutating func amend(_ change: ArmedChange, revision: UInt64) {
    var failure: SystemError?
    do throws(SystemError) {
      try parts.responder.amend(
        removed: change.removed, added: change.added.keys, revision: revision)
    } catch {
      failure = error
      parts.log.programmingFailed(error)
    }
    // What could not be programmed silences everything.
    let addresses = failure == nil ? change.addresses : change.addresses.union(armedAddresses)
    let had = addresses.filter { reconciler.isArmed($0) }
    reconciler.report(arming: failure?.description, at: .now)
    let has = addresses.filter { reconciler.isArmed($0) }
    tell(gained: has.subtracting(had), lost: had.subtracting(has))
  }

  private mutating func join(_ groups: Set<GroupMembership>) {
    let failures = memberships.update(to: groups)
    if let (membership, error) = failures.first {
      parts.log.joinFailed(
        membership, name(of: membership.interfaceIndex), error, count: failures.count)
    }
    reconciler.report(joining: groups, failures: Set(failures.keys), at: .now)
  }

  private func listen(_ set: ListeningSet) {
    do throws(SystemError) {
      try parts.scout.replace(
        set.claims, links: set.links, ownHardwareAddresses: set.ownHardwareAddresses)
    } catch {
      // Deaf, it finds everything free, as before this was asked at all.
      parts.log.cannotAskFirst(error)
    }
  }

  /// Those that the kernel of this node would answer for, too. The audit warns of them.
  private func answeredByKernel(_ addresses: Set<IPAddress>) -> Set<IPAddress> {
    let local = LocalAddresses(links ?? [])
    var known: [String: Bool] = [:]
    func answersForOtherLinks(_ link: String) -> Bool {
      if let known = known[link] { return known }
      let answers = HostFactsReader().answersForOtherLinks(on: link)
      known[link] = answers
      return answers
    }
    return addresses.filter { address in
      guard local.holder(of: address) != nil else { return false }
      return reconciler.servingLinks(of: address).contains { link in
        local.isConfigured(address, on: link.name)
          || !address.isIPv6 && answersForOtherLinks(link.name)
      }
    }
  }
}
