internal import Announcer
internal import Lease
package import Time

extension Reconciler {
  /// The next thing to do at `now`. Call it again until it says `.wait`, then once something was told, or the time has
  /// come.
  package mutating func next(at now: Instant) -> Step {
    if ending != nil { return nextOfEnding() }
    if isSilenceDue {
      isSilenceDue = false
      return .silence
    }
    if let step = nextBeforeAnnouncing(at: now) { return step }
    return nextAnnouncement(at: now)
  }

  /// Everything that comes before announcements. Looked through once for each turn of them, unless something was told.
  private mutating func nextBeforeAnnouncing(at now: Instant) -> Step? {
    guard !isAnnouncing || !stale.isNothing || isReassessDue else { return nil }
    if pass == nil, let step = nextBeforePass(at: now) { return step }
    if let step = nextOfPass(at: now) { return step }
    guard serviceability != nil else { return .wait(until: .distantFuture) }
    if let step = nextOfConflicts(at: now) { return step }
    isAnnouncing = true
    return nil
  }

  private mutating func nextOfEnding() -> Step {
    switch ending {
    case .silence:
      ending = .release
      wire.claims = [:]
      return .silence
    case .release:
      ending = .ended
      return .end
    case .ended, nil: return .wait(until: .distantFuture)
    }
  }

  private mutating func nextBeforePass(at now: Instant) -> Step? {
    if let step = nextQuestion(at: now) { return step }
    if let impediment, impediment.retryAt <= now {
      self.impediment = nil
      stale = .everything
    }
    if let step = nextTrial(at: now) { return step }
    if let step = nextReassessment() { return step }
    if !stale.isNothing, serviceability != nil {
      // While something is refused, each pass is over everything.
      pass = Pass(scope: impediment == nil ? stale : .everything, revision: view.revision)
      stale = .nothing
    }
    return nil
  }

  mutating func nextReassessment() -> Step? {
    guard isReassessDue else { return nil }
    isReassessDue = false
    return .reassess
  }

  /// One stage after the other: the order of the stages is the order of lease.md §2.4.
  private mutating func nextOfPass(at now: Instant) -> Step? {
    while let stage = pass?.stage {
      switch stage {
      case .lookUp: if let step = lookUp() { return step }
      case .listen: if let step = listen(at: now) { return step }
      case .reassess:
        pass?.stage = .join
        if let step = nextReassessment() { return step }
      case .join: if let step = join() { return step }
      case .arm: if let step = arm() { return step }
      case .compete:
        pass?.stage = .giveUp
        if let step = compete() { return step }
      case .giveUp:
        pass?.stage = .settled
        if let step = giveUp() { return step }
      case .settled:
        pass = nil
        return .settled
      }
    }
    return nil
  }

  /// Announcements come last: what they say has been armed.
  private mutating func nextAnnouncement(at now: Instant) -> Step {
    guard view.confirmedAt >= stalledAt else { return wait(until: .distantFuture) }
    return switch turn.next(of: &planner, at: now) {
    case .announce(let claim, let isFirst): .announce(claim, isFirst: isFirst)
    case .defend(let claim): .defend(claim)
    case .ask(let claim): .ask(claim)
    case .wait(let until): wait(until: until)
    // The turn is over: first the caller looks at everything else that it has heard.
    case nil: wait(until: now)
    }
  }

  private mutating func wait(until: Instant) -> Step {
    turn = AnnouncementTurn()
    isAnnouncing = false
    return .wait(
      until: min(
        until, inquiryDueAt, askForRivalsAt ?? .distantFuture, sending.nextDue, defence.nextDue,
        impediment?.retryAt ?? .distantFuture))
  }
}
