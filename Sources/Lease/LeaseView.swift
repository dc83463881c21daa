package import Metrics
package import Time
package import Wire

/// Everything the rest of the program knows of the election, at one moment.
package struct LeaseView: Hashable, Sendable {
  /// Grows with each view that has lost a claim: what was armed under an earlier one may have to be silent.
  package var revision: UInt64 = 0
  package var session: SessionState
  package var health: LeaseHealth
  /// Frames may leave while `now` is before this. `distantFuture` for a store without TTL,
  /// `distantPast` while the gate is shut whatever is held.
  package var deadline: Instant
  package var held: [IPAddress: HeldClaim]
  /// How many of the caller's wishes (`compete`) this view knows of. An address that the caller left out
  /// of a later one is being released, whatever `held` says: it must not be armed.
  package var competitions: UInt64
  /// The addresses of which `held`, `heldWithoutLease`, `yielding`, `handingOver` or `holders` may differ from the view
  /// that was read before this one; nil where that is not known.
  package var changed: Set<IPAddress>?
  /// What of `held` is held past its deadline, on the strength of nobody else being heard
  /// (`whenStoreIsLost: hold`): the caller asks the LAN for them all the time.
  package var heldWithoutLease: Set<IPAddress>
  /// What of `held` is to be given up: the caller shuts the gate for it and then says so.
  package var yielding: Set<IPAddress>
  /// What of `held` is being handed over; `yielding` is its last stage.
  package var handingOver: Set<IPAddress>
  /// What other sessions hold, as far as known.
  package var holders: [IPAddress: Holder]
  /// The names of the other nodes with a live session.
  package var nodes: [String]
  /// Why wanted addresses that were held were lost; until they are held again or no longer wanted.
  package var losses: [IPAddress: LossReason]
  /// Addresses that the store cannot claim, and why.
  package var failures: [IPAddress: StoreFailure]
  /// What is wrong with the store now; nil when nothing is.
  package var error: StoreFailure?
  /// How long the last confirmed renewal took, from send to answer.
  package var lastRenewal: Duration?
  /// When the last confirmed renewal was sent; the distant past before the first.
  package var renewedAt: Instant
  /// How long the confirmed renewals of all sessions took, from send to answer, in seconds.
  package var renewalTimes: Histogram
  /// When the last read of the store that was accepted was sent.
  package var confirmedAt: Instant
  /// When the store was last asked something that it answered: what others hold was so then. A store
  /// without TTL is asked seldom, and tells of changes by itself.
  package var heardAt: Instant
  /// The TTL in force; nil for a store without.
  package var timeToLive: Duration?
  /// Claims gained since the start.
  package var gained: UInt64
  /// Claims lost against our will since the start.
  package var lost: UInt64
  /// Claims handed over to others by plan since the start; what is released at the end not among them.
  package var handedOver: UInt64
  /// How often the store failed since the start, by kind.
  package var errors: [StoreFailure.Kind: UInt64]
}

extension LeaseView {
  /// Before the election has said anything: no session, and nothing is held.
  package static let initial = LeaseView(
    session: .opening, health: .none, deadline: .distantPast, held: [:], competitions: 0,
    heldWithoutLease: [], yielding: [], handingOver: [], holders: [:], nodes: [], losses: [:],
    failures: [:], error: nil, lastRenewal: nil, renewedAt: .distantPast, renewalTimes: .times,
    confirmedAt: .distantPast, heardAt: .distantPast, timeToLive: nil, gained: 0, lost: 0,
    handedOver: 0, errors: [:])

  /// Takes the place of an older view that nobody has read: what that one has changed is news still.
  package mutating func supersede(_ older: LeaseView) {
    guard let earlier = older.changed else {
      changed = nil
      return
    }
    changed?.formUnion(earlier)
  }

  /// Whether `later` brings nothing but another renewal, or another answer of the store: most views are such.
  package func differsOnlyByRenewal(from later: LeaseView) -> Bool {
    guard later.changed?.isEmpty ?? true else { return false }
    var renewed = self
    renewed.revision = later.revision
    renewed.changed = later.changed
    renewed.deadline = later.deadline
    renewed.lastRenewal = later.lastRenewal
    renewed.renewedAt = later.renewedAt
    renewed.renewalTimes = later.renewalTimes
    renewed.confirmedAt = later.confirmedAt
    renewed.heardAt = later.heardAt
    renewed.errors = later.errors
    return renewed == later
  }
}
