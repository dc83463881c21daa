internal import Metrics
package import Time
package import Wire

/// One node's part in the election: which claims are its own, which to ask for, and until when it
/// may send.
///
/// Pure: it is told what happened and what time it is, and says what to do next. The rules are
/// lease.md §1 to §3:
/// - a claim is held only after the store confirmed it;
/// - the deadline counts from the send of the last confirmed renewal, and only moves forward;
/// - a failure of the store changes nothing until the deadline;
/// - what the caller no longer wants is released; it has shut the gate for it before.
package struct Election: Sendable {
  /// Where the session stands. From `closed` and `waiting` only to `open`; from `open` only to
  /// `ending`; from `ending` to `closed`.
  enum Phase: Hashable {
    case closed
    /// The node's name is taken.
    case waiting(SessionDescription)
    case open(SessionID)
    /// Over for us, to be closed in the store from `closeAt` on.
    case ending(SessionID, closeAt: Instant)
    case finished
  }

  package let node: String
  let seed: UInt64
  let configuredTiming: LeaseTiming?
  let limits: LeaseLimits
  let policy: ElectionPolicy

  // The session.
  var phase = Phase.closed
  /// The times in force, for the TTL that was granted; nil for a store without TTL.
  var timing: LeaseTiming?
  /// Counted from the last confirmed renewal; `distantPast` without a session.
  var deadline = Instant.distantPast
  var openAt = Instant.distantPast
  /// When the store was last seen to be put back from a backup; what was asked before counts no more.
  var restoredAt = Instant.distantPast
  /// After a backup was put back: no session before, whatever else there would be to wait for.
  var quietUntil = Instant.distantPast
  var renewAt = Instant.distantFuture
  /// When the last confirmed renewal was sent.
  var renewedAt = Instant.distantPast
  /// A renewal failed since the last confirmed one.
  var isUncertain = false
  var lastRenewal: Duration?
  var renewalTimes = Histogram.times
  /// Sessions that were opened by answers that came too late; to be closed.
  var orphans: [SessionID] = []
  var isShuttingDown = false
  var failedCloses = 0

  // Reading everything.
  var readAt: Instant? = nil
  /// Ownership has been read since the session opened.
  var isSynced = false
  /// The gate is shut until a read sent at or after this instant confirms what is ours, and a renewal
  /// sent at or after it how long: a machine that was paused counts from before the pause otherwise.
  var confirmSince: Instant? = nil
  /// When ownership was last in doubt: what was sent before it proves nothing.
  var doubtedAt = Instant.distantPast
  /// When the last read that was accepted was sent.
  var confirmedAt = Instant.distantPast
  /// When the last renewal or read that was confirmed was sent, of whatever session.
  var heardAt = Instant.distantPast
  /// Sessions that ended while a read was under way, which may still list them.
  var endedSinceRead: Set<SessionID> = []
  /// What began while a read was under way, which may not list it yet.
  var openedSinceRead: Set<SessionID> = []
  var claimedSinceRead: Set<IPAddress> = []
  var preferredSinceRead: Set<IPAddress> = []

  // Others.
  /// The live sessions of other nodes, and the seeds of their names for ranking.
  var sessions: [SessionID: SessionDescription] = [:] { didSet { rankAnew() } }
  var rivals: [String: UInt64] = [:]
  var holders = AddressTable<Holder>()
  /// The youngest claim of each address that is known to have ended.
  var ended: [IPAddress: Epoch] = [:]

  /// Who shall have an address next, as the store tells it.
  var preferences: [IPAddress: String] = [:]

  // Our own claims.
  var wanted: Set<IPAddress> = []
  var competitions: UInt64 = 0
  var held = AddressTable<HeldClaim>()
  /// The free addresses that we stand for, by the time at which we ask for them.
  var queue = DueQueue()
  var candidacies: [IPAddress: Candidacy] = [:]
  /// Those that the store has no room to claim.
  var exhaustion = Exhaustion()
  var acquiring: Set<IPAddress> = []
  /// Of these, what a read showed meanwhile not to be ours: the answer may be older than the read.
  var contradicted: Set<IPAddress> = []
  /// Claims that the store named in an answer though the news of their end had come.
  var disbelieved: [IPAddress: Epoch] = [:]
  /// An acquisition failed and may have taken effect nevertheless.
  var doubtful: Set<IPAddress> = []
  /// What is to be given back, until the store confirms it; `releaseQueue` has what is not in flight.
  var toRelease: [IPAddress: ClaimReference] = [:]
  var releaseQueue = DueQueue()

  // Moving addresses.
  var handOvers = AddressTable<HandOver>()
  var preferencesToWrite: [IPAddress: Preference] = [:]
  /// What this session has written a preference for.
  var preferred: Set<IPAddress> = []
  /// Until when what was given up is left to others.
  var abstinences: [IPAddress: Instant] = [:]
  /// What this node has asked other holders for, and how long they may take.
  var wishes: [IPAddress: Instant] = [:]
  /// Until when a wish that was not fulfilled is not made again.
  var refusals: [IPAddress: Instant] = [:]
  var rebalanceAt = Instant.distantFuture

  // Without a lease.
  /// The deadline has passed, and what is held is held on.
  var isHolding = false { didSet { if isHolding != oldValue { held.markAll() } } }
  /// What was held when its session ended in a store that was away; the next session asks for it.
  var heldOver = AddressTable<HeldClaim>()
  /// When the loop was last seen to run; the gate of what is held without a lease lives on it.
  var beat = Instant.distantPast
  var listenUntil = Instant.distantPast
  /// When the caller last asked the LAN for what is held without a lease, or began to have to.
  var askedAt = Instant.distantPast

  // Calls.
  var lastNumber: UInt64 = 0
  var inFlight: [UInt64: Call] = [:]
  /// After a call failed nothing but renewals is tried before this; doubles up to `longestPause`.
  var pausedUntil = Instant.distantPast
  var pause = Duration.zero
  /// What the last step said to wait for; waking much later means that the loop stalled.
  var promisedWake: Instant? = nil

  // For the view.
  var losses: [IPAddress: LossReason] = [:]
  var failures: [IPAddress: StoreFailure] = [:]
  var callFailure: StoreFailure? = nil
  var trouble: StoreFailure? = nil
  /// Why there is no session, from a backup that was put back until the next session.
  var restoration: StoreFailure? = nil
  var gained: UInt64 = 0
  var lost: UInt64 = 0
  var handedOver: UInt64 = 0
  var errors: [StoreFailure.Kind: UInt64] = [:]

  /// - Parameters:
  ///   - node: this node's name, unique in the cluster.
  ///   - timing: nil for a store without TTL.
  package init(
    node: String, timing: LeaseTiming?, limits: LeaseLimits = LeaseLimits(),
    policy: ElectionPolicy = ElectionPolicy()
  ) {
    self.node = node
    seed = Ranking.seed(of: node)
    configuredTiming = timing
    self.timing = timing
    self.limits = limits
    self.policy = policy
  }

  /// What everybody else may know.
  package var view: LeaseView {
    LeaseView(
      session: sessionState, health: health,
      deadline: gateDeadline,
      held: heldOver.isEmpty
        ? held.entries : held.entries.merging(heldOver.entries) { held, _ in held },
      competitions: competitions, heldWithoutLease: heldWithoutLease,
      yielding: Set(handOvers.entries.filter { $0.value == .yielding }.keys),
      handingOver: Set(handOvers.keys), holders: holders.entries,
      nodes: rivals.keys.sorted(), losses: losses, failures: failures,
      error: restoration ?? callFailure ?? trouble ?? failures.first?.value,
      lastRenewal: lastRenewal,
      renewedAt: renewedAt, renewalTimes: renewalTimes, confirmedAt: confirmedAt, heardAt: heardAt,
      timeToLive: timing?.timeToLive, gained: gained, lost: lost,
      handedOver: handedOver, errors: errors)
  }

  /// The addresses of which the view's `held`, `heldWithoutLease`, `yielding`, `handingOver` or `holders` may have changed
  /// since this was last called.
  package mutating func takeChanged() -> Set<IPAddress> {
    held.takeWritten().union(heldOver.takeWritten()).union(handOvers.takeWritten())
      .union(holders.takeWritten())
  }

  private var sessionState: SessionState {
    switch phase {
    case .closed, .ending: .opening
    case .waiting(let other): .waiting(for: other)
    case .open(let id): .open(id)
    case .finished: .closed
    }
  }

  private var health: LeaseHealth {
    guard configuredTiming != nil else { return .none }
    guard case .open = phase, !isHolding else { return .lost }
    return isUncertain || confirmSince != nil ? .uncertain : .healthy
  }

  /// The deadline, or the distant past while the gate is shut.
  var gateDeadline: Instant {
    guard confirmSince == nil else { return .distantPast }
    if policy.holds, !isShuttingDown { return heldDeadline }
    guard case .open = phase else { return .distantPast }
    return deadline
  }

  /// The addresses that this node wants and can serve, from now on.
  package mutating func compete(for addresses: Set<IPAddress>, at now: Instant) {
    competitions += 1
    guard !isShuttingDown else { return }
    let dropped = wanted.subtracting(addresses)
    let added = addresses.subtracting(wanted)
    wanted = addresses
    for address in dropped {
      queue.remove(address)
      exhaustion.remove(address)
      losses[address] = nil
      failures[address] = nil
      handOvers[address] = nil
      heldOver[address] = nil
      if let claim = held.removeValue(forKey: address) {
        giveBack(address, epoch: claim.epoch, at: now)
      } else if doubtful.remove(address) != nil {
        readAt = now
      }
    }
    for address in added { consider(address, at: now) }
  }

  /// Ownership may have passed unnoticed (a stall, a clock that jumped, a paused machine): shuts the
  /// gate until the store has been read and the session renewed (lease.md §2.6).
  package mutating func confirmOwnership(at now: Instant) {
    if isHolding || !heldOver.isEmpty { listenUntil = now + Self.listening }
    doubtedAt = now
    guard case .open = phase else { return }
    readAt = now
    if timing != nil { renewAt = now }
    if !isHolding { confirmSince = now }
  }

  /// Reads the store, to know of `confirmedAt` whether a claim that somebody contests is still ours; the
  /// gate stays as it is.
  package mutating func verify(at now: Instant) {
    guard case .open = phase else { return }
    readAt = now
  }

  /// Ends the session and with it every claim. The caller has silenced the responder before.
  package mutating func shutDown(at now: Instant) {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    wanted = []
    heldOver.removeAll()
    losses = [:]
    failures = [:]
    if case .open(let id) = phase { end(id, closeAt: now) }
  }
}
