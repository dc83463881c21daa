package import Time
internal import Wire

/// Decides when which claim is announced: the whole schedule for what is new, one frame where an
/// address is defended, a round now and then for what stays; and when the LAN is asked who else has it.
///
/// Pure: `update` and `defend` feed it, `next` yields one step at a time. What it yields depends
/// on what is wanted and on the time, not on the order in which the wishes arrived.
package struct AnnouncementPlanner: Sendable {
  package enum Step: Hashable, Sendable {
    /// Send one round for this claim now; `isFirst` where its neighbours hear something new.
    case announce(Claim, isFirst: Bool)
    /// Send one single announcement for this claim now, which somebody else has asserted.
    case defend(Claim)
    /// Ask now whether somebody else has the address.
    case ask(Claim)
    /// Nothing to do before this instant; `.distantFuture` where nothing is planned.
    case wait(until: Instant)
  }

  private struct Plan: Sendable {
    var affirmation: Affirmation
    /// Queued rounds carry the token of the plan they belong to: a new plan voids them all.
    var token: UInt64
    var startedAt: Instant
    /// A defence waits already: a second one would say nothing more.
    var isDefenceQueued = false
    /// Likewise.
    var isQuestionQueued = false
  }

  private struct Round: Sendable {
    var claim: Claim
    var token: UInt64
    var due: Instant
  }

  /// What waits to be sent on one link: a queue for each round of the schedule, one for refreshes,
  /// one for defences and one for questions. In a queue, due times ascend.
  private struct Lane: Sendable {
    let link: Int32
    var defences = FIFO<Round>()
    var questions = FIFO<Round>()
    var rounds: [FIFO<Round>]
    var refreshes = FIFO<Round>()
    /// No frame before this (`spacing`).
    var freeAt = Instant.distantPast
    /// How many frames of refreshes may still follow each other.
    var burst = 0
    /// No burst of refreshes before this.
    var burstAt = Instant.distantPast
    /// Nothing is to be done before this, by what is queued: kept, so that a step costs the same on one link
    /// and on 300.
    var dueAt = Instant.distantFuture
    /// How much later than `dueAt` will do.
    var slack = Duration.zero
  }

  /// Applies to what is queued from now on.
  package var schedule: AnnouncementSchedule

  private var plans: [Claim: Plan] = [:]
  private var lanes: [Lane] = []
  /// Where each link's lane is in `lanes`.
  private var positions: [Int32: Int] = [:]
  private var lastToken: UInt64 = 0

  /// Frames that may follow each other closely because they are late.
  private static let mostLate = 4
  /// Questions and later rounds that wait on one link before they leave a few at a time: with tens of thousands of addresses a
  /// wake-up for each would cost more than the frames.
  private static let crowd = 500
  /// Frames that leave together there.
  private static let crowdBurst = 10
  /// Frames of refreshes that leave together: one wake-up for all of them, and fewer than a neighbour's
  /// limit for answers to one burst, 50.
  private static let burst = 40
  /// Refreshes are due on the beat, so that those of thousands of addresses meet.
  private static let beat = Duration.milliseconds(100)

  package init(schedule: AnnouncementSchedule) {
    self.schedule = schedule
  }

  /// Makes `wanted` the whole of what is announced. A claim whose affirmation is unchanged goes on
  /// as it was; one that is new or changed starts the schedule afresh; one that is gone is never
  /// announced again, not even the rest of its schedule.
  ///
  /// - Parameter unasked: those of whom nobody knows whether they are free: the LAN is asked once, as soon
  ///   as everything new has been announced.
  package mutating func update(
    _ wanted: [Claim: Affirmation], unasked: Set<Claim> = [], at now: Instant
  ) {
    for claim in plans.keys where wanted[claim] == nil { plans[claim] = nil }
    start(wanted, unasked: unasked, at: now)
    keepLanes()
  }

  /// Changes what is announced, as `update` would with the whole. It costs what it changes.
  ///
  /// - Parameters:
  ///   - removed: what is never announced again. Each of their links keeps another claim.
  ///   - added: what is new or changed, on links that have a claim already.
  package mutating func amend(
    removed: Set<Claim>, added: [Claim: Affirmation], unasked: Set<Claim> = [], at now: Instant
  ) {
    for claim in removed { plans[claim] = nil }
    start(added, unasked: unasked, at: now)
    let links = Set(removed.lazy.map(\.interfaceIndex))
      .union(added.keys.lazy.map(\.interfaceIndex))
    for link in links { if let position = positions[link] { updateDue(at: position) } }
  }

  private mutating func start(
    _ wanted: [Claim: Affirmation], unasked: Set<Claim>, at now: Instant
  ) {
    let started = wanted.filter { claim, affirmation in
      plans[claim]?.affirmation != affirmation
    }.keys.sorted { ($0.interfaceIndex, $0.address) < ($1.interfaceIndex, $1.address) }
    for claim in started {
      lastToken += 1
      plans[claim] = Plan(affirmation: wanted[claim]!, token: lastToken, startedAt: now)
      enqueue(claim, round: 0, sentAt: now)
      if unasked.contains(claim) { ask(claim, at: now) }
    }
  }

  /// Drops the lanes of links on which nothing is announced any more, and what is void from the others.
  private mutating func keepLanes() {
    let links = Set(plans.keys.lazy.map(\.interfaceIndex))
    lanes.removeAll { !links.contains($0.link) }
    lanes.sort { $0.link < $1.link }
    positions = Dictionary(uniqueKeysWithValues: lanes.indices.map { (lanes[$0].link, $0) })
    for position in lanes.indices { updateDue(at: position) }
  }

  /// The links that have a lane: those on which something is announced, and no others.
  var links: [Int32] { lanes.map(\.link) }

  /// Sends one announcement for `claim` as soon as its link has room (RFC 5227 §2.4 (b)).
  package mutating func defend(_ claim: Claim, at now: Instant) {
    guard let plan = plans[claim], !plan.isDefenceQueued else { return }
    plans[claim]?.isDefenceQueued = true
    let position = position(of: claim.interfaceIndex)
    lanes[position].defences.append(Round(claim: claim, token: plan.token, due: now))
    updateDue(at: position)
  }

  /// Asks the LAN for each of these that is announced, as soon as its link has room.
  package mutating func ask(_ claims: some Sequence<Claim>, at now: Instant) {
    for claim in claims { ask(claim, at: now) }
  }

  private mutating func ask(_ claim: Claim, at now: Instant) {
    guard let plan = plans[claim], !plan.isQuestionQueued else { return }
    plans[claim]?.isQuestionQueued = true
    let position = position(of: claim.interfaceIndex)
    lanes[position].questions.append(Round(claim: claim, token: plan.token, due: now))
    updateDue(at: position)
  }

  /// The next thing to do at `now`. Call it again until it says `.wait`.
  package mutating func next(at now: Instant) -> Step {
    while let position = earliestLane {
      guard lanes[position].dueAt <= now else {
        let until = lanes.lazy.map { $0.slack == .zero ? $0.dueAt : $0.dueAt + $0.slack }.min()
        return .wait(until: until ?? .distantFuture)
      }
      let step = takeDue(at: position, now)
      updateDue(at: position)
      if let step { return step }
    }
    return .wait(until: .distantFuture)
  }

  /// The lane that has to do something first; the first of them where several have.
  private var earliestLane: Int? {
    lanes.indices.min { lanes[$0].dueAt < lanes[$1].dueAt }
  }

  private static func frames(in step: Step) -> Int {
    if case .announce(let claim, _) = step {
      AnnouncementForm.round(for: claim.address).count
    } else {
      1
    }
  }

  /// Takes what is due and comes first: the first round of what is new, which nothing may delay; then
  /// defences and questions; then the schedule's earlier rounds before its later ones, so that every
  /// address is heard once before any is heard twice; refreshes last.
  private mutating func takeDue(at position: Int, _ now: Instant) -> Step? {
    dropVoid(at: position)
    if lanes[position].freeAt <= now, let step = takePaced(at: position, now) {
      // A caller that was woken a little late makes up for it, or 1,000 addresses would take half as long
      // again; a link that had nothing to send has nothing to make up for.
      let freeAt = lanes[position].freeAt
      let isLate = now - freeAt <= schedule.spacing * Self.mostLate + lanes[position].slack
      lanes[position].freeAt =
        (isLate ? freeAt : now) + schedule.spacing * Self.frames(in: step)
      return step
    }
    return takeRefresh(at: position, now)
  }

  /// Takes what is due of all but the refreshes.
  private mutating func takePaced(at position: Int, _ now: Instant) -> Step? {
    if let step = takeRound(0, at: position, now) { return step }
    if let round = lanes[position].defences.first, round.due <= now {
      lanes[position].defences.removeFirst()
      plans[round.claim]?.isDefenceQueued = false
      return .defend(round.claim)
    }
    if let round = lanes[position].questions.first, round.due <= now {
      lanes[position].questions.removeFirst()
      plans[round.claim]?.isQuestionQueued = false
      return .ask(round.claim)
    }
    for number in lanes[position].rounds.indices.dropFirst() {
      if let step = takeRound(number, at: position, now) { return step }
    }
    return nil
  }

  /// The round of this number in the schedule that is due; nil where none is.
  private mutating func takeRound(_ number: Int, at position: Int, _ now: Instant) -> Step? {
    guard number < lanes[position].rounds.count,
      let round = lanes[position].rounds[number].first, round.due <= now
    else { return nil }
    lanes[position].rounds[number].removeFirst()
    enqueue(round.claim, round: number + 1, sentAt: now)
    return .announce(round.claim, isFirst: number == 0)
  }

  /// The refresh that is due; nil where none is, or where the last burst has not been paid for: over a
  /// burst and the pause behind it, refreshes are as far apart as everything else.
  private mutating func takeRefresh(at position: Int, _ now: Instant) -> Step? {
    guard let round = lanes[position].refreshes.first, round.due <= now else { return nil }
    if lanes[position].burstAt <= now {
      if lanes[position].freeAt <= now { lanes[position].burst = Self.burst }
      lanes[position].burstAt = now
    }
    guard lanes[position].burst > 0 else { return nil }
    lanes[position].refreshes.removeFirst()
    enqueue(round.claim, round: .max, sentAt: now)
    let step = Step.announce(round.claim, isFirst: false)
    let frames = Self.frames(in: step)
    lanes[position].burst -= frames
    lanes[position].burstAt = lanes[position].burstAt + schedule.spacing * frames
    return step
  }

  /// Queues the round after the one just sent; behind the last comes the refresh.
  private mutating func enqueue(_ claim: Claim, round number: Int, sentAt: Instant) {
    guard let plan = plans[claim] else { return }
    let position = position(of: claim.interfaceIndex)
    if number < schedule.rounds.count {
      let due = plan.startedAt + schedule.rounds[number]
      while lanes[position].rounds.count <= number { lanes[position].rounds.append(FIFO()) }
      lanes[position].rounds[number].append(Round(claim: claim, token: plan.token, due: due))
    } else if schedule.refresh > .zero {
      let due = onTheBeat(sentAt + schedule.refresh)
      lanes[position].refreshes.append(Round(claim: claim, token: plan.token, due: due))
    }
  }

  /// The beat at or after `instant`; a short interval is not made longer by more than a hundredth.
  private func onTheBeat(_ instant: Instant) -> Instant {
    let beat = max(1, min(Self.beat, schedule.refresh / 100).nanoseconds)
    let late = instant.nanoseconds % beat
    return late == 0 ? instant : instant + .nanoseconds(beat - late)
  }

  /// The lane of a link, made where there is none.
  private mutating func position(of link: Int32) -> Int {
    if let position = positions[link] { return position }
    lanes.append(
      Lane(link: link, rounds: Array(repeating: FIFO(), count: schedule.rounds.count)))
    positions[link] = lanes.count - 1
    return lanes.count - 1
  }

  /// Says when something is to be done in the lane; the distant future where nothing is queued.
  private mutating func updateDue(at position: Int) {
    dropVoid(at: position)
    let lane = lanes[position]
    var urgent = Instant.distantFuture
    if let round = lane.defences.first { urgent = min(urgent, round.due) }
    if let round = lane.rounds.first?.first { urgent = min(urgent, round.due) }
    var paced = urgent
    var waiting = lane.questions.count
    if let round = lane.questions.first { paced = min(paced, round.due) }
    for queue in lane.rounds.dropFirst() {
      guard let round = queue.first else { continue }
      paced = min(paced, round.due)
      waiting += queue.count
    }
    let refresh = lane.refreshes.first.map { round in
      lane.burst > 0 ? round.due : max(round.due, lane.burstAt, lane.freeAt)
    }
    lanes[position].dueAt = min(max(paced, lane.freeAt), refresh ?? .distantFuture)
    lanes[position].slack =
      waiting > Self.crowd && urgent == .distantFuture ? schedule.spacing * Self.crowdBurst : .zero
  }

  /// Drops rounds of plans that have ended from the front of every queue.
  private mutating func dropVoid(at position: Int) {
    func drop(_ queue: inout FIFO<Round>) {
      while let round = queue.first, plans[round.claim]?.token != round.token {
        queue.removeFirst()
      }
    }
    drop(&lanes[position].defences)
    drop(&lanes[position].questions)
    drop(&lanes[position].refreshes)
    for number in lanes[position].rounds.indices { drop(&lanes[position].rounds[number]) }
  }
}
