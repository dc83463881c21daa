package import Time
internal import Wire

/// Decides when which claim is announced: the whole schedule for what is new, one round where an
/// address is defended, a round now and then for what stays.
///
/// Pure: `update` and `defend` feed it, `next` yields one step at a time. What it yields depends
/// on what is wanted and on the time, not on the order in which the wishes arrived.
package struct AnnouncementPlanner: Sendable {
  package enum Step: Hashable, Sendable {
    /// Send one round for this claim now; `isFirst` where its neighbours hear something new.
    case announce(Claim, isFirst: Bool)
    /// Nothing to do before this instant; `.distantFuture` where nothing is planned.
    case wait(until: Instant)
  }

  private struct Plan: Sendable {
    var affirmation: Affirmation
    /// Queued rounds carry the token of the plan they belong to: a new plan voids them all.
    var token: UInt64
    var startedAt: Instant
  }

  private struct Round: Sendable {
    var claim: Claim
    var token: UInt64
    var due: Instant
  }

  /// What waits to be sent on one link: a queue for each round of the schedule, one for refreshes,
  /// and one for defences, which go first. In a queue, due times ascend.
  private struct Lane: Sendable {
    var defences = FIFO<Round>()
    var rounds: [FIFO<Round>]
    var refreshes = FIFO<Round>()
    /// No frame before this (`spacing`).
    var freeAt = Instant.distantPast
  }

  /// Applies to what is queued from now on.
  package var schedule: AnnouncementSchedule

  private var plans: [Claim: Plan] = [:]
  private var lanes: [Int32: Lane] = [:]
  private var lastToken: UInt64 = 0

  /// Frames that may follow each other closely because they are late.
  private static let mostLate = 4

  package init(schedule: AnnouncementSchedule) {
    self.schedule = schedule
  }

  /// Makes `wanted` the whole of what is announced. A claim whose affirmation is unchanged goes on
  /// as it was; one that is new or changed starts the schedule afresh; one that is gone is never
  /// announced again, not even the rest of its schedule.
  package mutating func update(_ wanted: [Claim: Affirmation], at now: Instant) {
    for claim in plans.keys where wanted[claim] == nil { plans[claim] = nil }
    let started = wanted.filter { claim, affirmation in
      plans[claim]?.affirmation != affirmation
    }.keys.sorted { ($0.interfaceIndex, $0.address) < ($1.interfaceIndex, $1.address) }
    for claim in started {
      lastToken += 1
      plans[claim] = Plan(affirmation: wanted[claim]!, token: lastToken, startedAt: now)
      enqueue(claim, round: 0, sentAt: now)
    }
    if plans.isEmpty { lanes = [:] }
  }

  /// Sends one round for `claim` as soon as its link has room (RFC 5227 §2.4 (b)).
  package mutating func defend(_ claim: Claim, at now: Instant) {
    guard let plan = plans[claim] else { return }
    lane(of: claim) { $0.defences.append(Round(claim: claim, token: plan.token, due: now)) }
  }

  /// The next thing to do at `now`. Call it again until it says `.wait`.
  package mutating func next(at now: Instant) -> Step {
    var wakeAt = Instant.distantFuture
    for link in lanes.keys.sorted() {
      if lanes[link]!.freeAt > now {
        if let due = earliest(on: link) { wakeAt = min(wakeAt, max(due, lanes[link]!.freeAt)) }
        continue
      }
      if let (claim, isFirst) = takeDue(on: link, at: now) {
        let frames = AnnouncementForm.round(for: claim.address).count
        let freeAt = lanes[link]!.freeAt
        // Whoever was woken a little late makes up for it, or 1,000 addresses would take half as long
        // again; a link that had nothing to send has nothing to make up for.
        let isLate = now - freeAt <= schedule.spacing * Self.mostLate
        lanes[link]!.freeAt = (isLate ? freeAt : now) + schedule.spacing * frames
        return .announce(claim, isFirst: isFirst)
      }
      if let due = earliest(on: link) { wakeAt = min(wakeAt, due) }
    }
    return .wait(until: wakeAt)
  }

  /// Takes the due round that comes first: defences, then the schedule's earlier rounds before its
  /// later ones, so that every address is heard once before any is heard twice; refreshes last.
  private mutating func takeDue(on link: Int32, at now: Instant) -> (Claim, isFirst: Bool)? {
    func isDue(_ round: Round?) -> Bool { round.map { $0.due <= now } ?? false }
    dropVoid(on: link)
    if let round = lanes[link]!.defences.first, isDue(round) {
      lanes[link]!.defences.removeFirst()
      return (round.claim, false)
    }
    for number in lanes[link]!.rounds.indices {
      guard let round = lanes[link]!.rounds[number].first, isDue(round) else { continue }
      lanes[link]!.rounds[number].removeFirst()
      enqueue(round.claim, round: number + 1, sentAt: now)
      return (round.claim, number == 0)
    }
    if let round = lanes[link]!.refreshes.first, isDue(round) {
      lanes[link]!.refreshes.removeFirst()
      enqueue(round.claim, round: .max, sentAt: now)
      return (round.claim, false)
    }
    return nil
  }

  /// Queues the round after the one just sent; behind the last comes the refresh.
  private mutating func enqueue(_ claim: Claim, round number: Int, sentAt: Instant) {
    guard let plan = plans[claim] else { return }
    if number < schedule.rounds.count {
      let due = plan.startedAt + schedule.rounds[number]
      lane(of: claim) { lane in
        while lane.rounds.count <= number { lane.rounds.append(FIFO()) }
        lane.rounds[number].append(Round(claim: claim, token: plan.token, due: due))
      }
    } else if schedule.refresh > .zero {
      let due = sentAt + schedule.refresh
      lane(of: claim) {
        $0.refreshes.append(Round(claim: claim, token: plan.token, due: due))
      }
    }
  }

  private mutating func lane(of claim: Claim, _ body: (inout Lane) -> Void) {
    body(
      &lanes[
        claim.interfaceIndex,
        default: Lane(rounds: Array(repeating: FIFO(), count: schedule.rounds.count))])
  }

  /// When the next round on `link` is due; nil where none is queued.
  private mutating func earliest(on link: Int32) -> Instant? {
    dropVoid(on: link)
    let lane = lanes[link]!
    return ([lane.defences.first, lane.refreshes.first] + lane.rounds.map(\.first))
      .compactMap { $0?.due }.min()
  }

  /// Drops rounds of plans that have ended from the front of every queue.
  private mutating func dropVoid(on link: Int32) {
    func drop(_ queue: inout FIFO<Round>) {
      while let round = queue.first, plans[round.claim]?.token != round.token {
        queue.removeFirst()
      }
    }
    drop(&lanes[link]!.defences)
    drop(&lanes[link]!.refreshes)
    for number in lanes[link]!.rounds.indices { drop(&lanes[link]!.rounds[number]) }
  }
}
