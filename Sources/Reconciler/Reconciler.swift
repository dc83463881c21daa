package import Announcer
package import Lease
package import Time
package import Wire

/// Brings together what this node can serve and what the election grants, and decides in which order the wire and the
/// election follow.
///
/// Pure: told what is known (`update`), what was heard (`hear`) and what became of its steps (`report`), asked for one
/// step at a time. The steps are a function of what is known, never of the order in which it became known. Two orders
/// matter, and are kept here. On gain: arm, then announce. On loss: disarm, and only then let the election give the
/// claim away (lease.md §2.4).
package struct Reconciler: Sendable {
  // What is known.
  package internal(set) var view = LeaseView.initial
  /// What this node can serve; nil while it is not known.
  package internal(set) var serviceability: Serviceability?
  var links: [Link] = []
  var asksFirst = false
  /// What is competed for beside addresses, and what of it is still in use after its own gate was shut.
  var duties: Set<IPAddress> = []
  var busyDuties: Set<IPAddress> = []

  // The wire.
  package internal(set) var wire = ArmedSet()
  /// What is held and can be served, as far as passes have looked.
  var desired = DesiredClaims()
  /// The revision of the view that was armed last.
  var armedRevision: UInt64 = 0
  /// Whatever is on the wire, it is to be programmed again.
  var mustRearm = false
  var isSilenceDue = false
  var joined: Set<GroupMembership> = []
  package internal(set) var impediment: Impediment?

  // The election.
  /// What the election was last told that this node can serve; nil before the first time.
  package internal(set) var candidates: Set<IPAddress>?
  /// How often it was told, and which time an address was last left out.
  var competitions: UInt64 = 0
  var dropped: [IPAddress: UInt64] = [:]
  /// Addresses of the view's `yielding` that the election knows to be silent.
  var givenUp: Set<IPAddress> = []
  var isVerifyDue = false

  // Frames.
  var planner: AnnouncementPlanner
  var turn = AnnouncementTurn()
  var sending = Sending()
  /// When the caller's loop last stalled, under a store without TTL; the distant past otherwise.
  var stalledAt = Instant.distantPast
  /// Up to where the last share of what is held was asked for.
  var askedLast: Claim?

  // Other stations.
  package internal(set) var defence = ConflictDefence()
  /// Conflicts that are defended once the store was read again, and since when.
  var contested: [Claim: Instant] = [:]
  /// Held without a lease and asserted by others; the election is not told yet.
  var rivals: Set<IPAddress> = []
  /// When to ask next who else has what is held without a lease.
  var askForRivalsAt: Instant?
  var inquiry = Inquiry()
  var inquiryDueAt = Instant.distantFuture
  /// What is asked for before it is announced, as far as passes have looked.
  var unknown: Set<IPAddress> = []
  /// Whether anything is listened for.
  var isListening = false
  /// What `reassess` was last asked for.
  var knownOccupants: [IPAddress: MACAddress] = [:]
  /// What needs no question: announced here before, seen held by another node, or found free. For as long as it is
  /// wanted.
  var familiar: Set<IPAddress> = []
  /// What was found free by asking, and is not armed yet.
  var foundFree: Set<IPAddress> = []
  /// What was found free and armed for the first time a moment ago: another machine may have begun in the same moment.
  var firstArmed: [IPAddress: FirstArming] = [:]
  /// What another node was seen to hold, for as long as it is wanted.
  var formerlyHeld: Set<IPAddress> = []

  // The work.
  /// Of what the wire and the election may differ from what is known.
  var stale = Scope.everything
  var isReassessDue = false
  var pass: Pass?
  /// Nothing but announcements is to be done, unless something is told.
  var isAnnouncing = false
  var ending: Ending?

  /// One pass over its scope, in which every stage has its turn.
  struct Pass: Sendable {
    enum Stage { case lookUp, listen, reassess, join, arm, compete, giveUp, settled }
    /// The step of which the outcome is awaited.
    enum Arming {
      case whole(ArmedSet)
      case change(ArmedChange)
    }

    var scope: Scope
    var stage = Stage.lookUp
    /// What is asked for before it is announced; nil where the pass has not found that it changes.
    var unknown: Set<IPAddress>?
    /// The revision of the view at the beginning: what a later one revokes stays revoked.
    let revision: UInt64
    /// `desired` was looked up.
    var isLookedUp = false
    var arming: Arming?
  }

  enum Ending { case silence, release, ended }

  /// How long after a failure the wire is programmed again.
  package static let retryInterval = Duration.seconds(2)

  package init(schedule: AnnouncementSchedule) {
    planner = AnnouncementPlanner(schedule: schedule)
  }

  /// When claims that are armed from here on are announced.
  package var schedule: AnnouncementSchedule {
    get { planner.schedule }
    set { planner.schedule = newValue }
  }

  /// Until when frames may leave.
  package var deadline: Instant { view.deadline }

  /// Everything that is armed: answered, and announced.
  package var armed: [Claim: Affirmation] { wire.claims }

  // MARK: What is known

  /// Takes over what the election says.
  ///
  /// - Returns: false where it is a renewal and nothing else.
  @discardableResult
  package mutating func update(_ new: LeaseView) -> Bool {
    let before = view
    view = new
    isAnnouncing = false
    if before.differsOnlyByRenewal(from: new) { return false }
    for address in new.changed ?? Set(new.holders.keys) where new.holders[address] != nil {
      formerlyHeld.insert(address)
      familiar.insert(address)
    }
    stale.add(scope(of: new, after: before))
    return true
  }

  /// What a view may have changed of what the wire and the election agree about.
  private func scope(of new: LeaseView, after before: LeaseView) -> Scope {
    guard let changed = new.changed, new.session == before.session, impediment == nil else {
      return .everything
    }
    // If the election has caught up, what was dropped may be armed again.
    return .addresses(
      new.competitions == before.competitions ? changed : changed.union(dropped.keys))
  }

  /// Every link of this node.
  package mutating func update(_ links: [Link]) {
    self.links = links
    sending.keep(links.filter { $0.hardwareAddress != nil })
    stale = .everything
  }

  /// What this node can serve.
  ///
  /// - Parameter asksFirst: whether the LAN is asked for what nobody is known to have announced.
  package mutating func update(
    _ new: Serviceability, asksFirst: Bool, at now: Instant
  ) {
    serviceability = new
    self.asksFirst = asksFirst
    stale = .everything
    if impediment != nil { impediment?.retryAt = now }
  }

  /// What is competed for beside addresses.
  ///
  /// - Parameter busy: what is in use although its own gate is shut: it is not given up yet (lease.md §2.4).
  package mutating func update(duties: Set<IPAddress>, busy: Set<IPAddress>) {
    guard duties != self.duties || busy != busyDuties else { return }
    self.duties = duties
    busyDuties = busy
    stale = .everything
  }

  /// Forgets what is known of addresses that nobody asks for any more, and no other node has.
  package mutating func keep(_ assignments: Assignments) {
    let (wanted, holders) = (assignments.addresses, view.holders)
    // What another node has is known even if nobody asks for it here yet.
    familiar = familiar.filter { wanted[$0] != nil || holders[$0] != nil }
    formerlyHeld = formerlyHeld.filter { wanted[$0] != nil || holders[$0] != nil }
    foundFree = foundFree.filter { wanted[$0] != nil }
  }

  /// Goes over everything again, because something that only the caller knows has changed.
  package mutating func lookAgain() { stale = .everything }

  /// Programs the wire again, whatever is on it.
  package mutating func armAgain() {
    mustRearm = true
    stale = .everything
  }

  /// The caller woke much later than it should have. What was decided before is not announced before the store was
  /// read. Of a store with TTL the deadline has taken care.
  package mutating func noteStall(at now: Instant) {
    guard view.timeToLive == nil else { return }
    stalledAt = now
    isVerifyDue = true
    isAnnouncing = false
  }

  /// From here on: silence, then release, then nothing (lease.md §2.4).
  package mutating func shutDown() {
    if ending == nil { ending = .silence }
  }

  // MARK: What follows from it

  /// Whether a claim is held, and nothing says that it is to be given up.
  package func mayUse(_ address: IPAddress) -> Bool {
    // What is held without a lease is held on the strength of the LAN alone, which knows addresses only.
    view.held[address] != nil && !view.yielding.contains(address) && !isDropped(address)
      && !view.heldWithoutLease.contains(address)
  }

  /// Whether the election was told to release an address and may be releasing it, though it can be served again by
  /// now: a view from before that shows it as held.
  func isDropped(_ address: IPAddress) -> Bool {
    dropped[address].map { $0 > view.competitions } ?? false
  }

  /// Every claim that is held and can be served, and how neighbours must know it.
  func wantedClaims() -> [Claim: Affirmation] {
    guard let serviceability else { return [:] }
    let byID = linksByID
    var wanted: [Claim: Affirmation] = [:]
    for address in view.held.keys { addClaims(of: address, to: &wanted, serviceability, byID) }
    return wanted
  }

  var linksByID: [LinkID: Link] { Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0) }) }

  /// Adds each claim of an address, where that is held and can be served.
  func addClaims(
    of address: IPAddress, to wanted: inout [Claim: Affirmation], _ serviceability: Serviceability,
    _ byID: [LinkID: Link]
  ) {
    guard let held = view.held[address], !view.yielding.contains(address), !isDropped(address)
    else { return }
    for id in serviceability[address]?.links ?? [] {
      guard let link = byID[id], let hardwareAddress = link.hardwareAddress else { continue }
      wanted[Claim(address: address, interfaceIndex: id.index)] = Affirmation(
        link: id, linkRevision: link.revision, hardwareAddress: hardwareAddress,
        epoch: held.epoch.number)
    }
  }

  /// Where what is armed differs from what is held, though nothing keeps them apart: it should be nowhere.
  package var deviations: (missing: Set<IPAddress>, surplus: Set<IPAddress>) {
    guard impediment == nil else { return ([], []) }
    let wanted = Set(wantedClaims().keys)
    let armed = Set(wire.claims.keys)
    return (
      Set(wanted.subtracting(armed).map(\.address)), Set(armed.subtracting(wanted).map(\.address))
    )
  }
}
