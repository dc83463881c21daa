package import Time
package import Wire

/// `whenStoreIsLost: hold` (lease.md §2.10): a holder goes on past its deadline while nobody else is
/// heard asserting the address.
///
/// It trades exclusion in a LAN that is split together with the store for surviving a store that is
/// gone. What it never trades: a process that was frozen or a machine that was paused shuts its gate
/// (the gate lives on this loop's own beat), and listens for a second before it goes on; a caller that does
/// not ask the LAN for a second shuts it too; and the store is read before anything else when it returns.
extension Election {
  /// How long a node that may have missed something listens before it goes on without a lease: two
  /// rounds of questions, which the caller asks on the LAN while anything is held without one.
  static let listening = Duration.seconds(1)
  /// How long addresses that are free when a session opens are left to whoever may have held them
  /// without a lease.
  static let returnGrace = Duration.seconds(1)

  /// How long the gate stays open behind a question on the LAN. The caller asks every 400 ms: one question may be late.
  static let askingReach = Duration.seconds(1)

  /// The caller has just asked the LAN who else has what is held without a lease (lease.md §2.10.3).
  package mutating func noteAsked(at now: Instant) { askedAt = now }

  /// Somebody else asserts an address on the LAN that this node holds without a lease: it is theirs.
  package mutating func hear(_ address: IPAddress, at now: Instant) {
    guard policy.holds, isHolding || heldOver[address] != nil else { return }
    if heldOver.removeValue(forKey: address) == nil {
      guard let claim = held.removeValue(forKey: address) else { return }
      giveBack(address, epoch: claim.epoch, at: now)
    }
    losses[address] = .heardAnother
    lost += 1
  }

  /// The addresses that are announced without a lease.
  var heldWithoutLease: Set<IPAddress> {
    guard policy.holds else { return [] }
    return isHolding ? Set(held.keys).union(heldOver.keys) : Set(heldOver.keys)
  }

  /// The deadline has passed and the store did not answer: from now on without a lease.
  mutating func startHolding(at now: Instant) {
    isHolding = true
    askedAt = now
    // Nothing is handed over without a lease, and nothing shall wait for whoever was to have it.
    for address in handOvers.keys {
      preferencesToWrite[address] =
        preferred.contains(address) ? Preference(address: address, node: nil) : nil
    }
    handOvers.removeAll()
    // What an acquisition brings from now on may be long expired.
    inFlight = inFlight.filter { if case .acquire = $0.value.request { false } else { true } }
    doubtful.formUnion(acquiring)
    for address in acquiring { queue.insert(address, due: now) }
    acquiring = []
    guard confirmSince != nil else { return }
    // A stall came before: what happened meanwhile is not known.
    confirmSince = nil
    listenUntil = now + Self.listening
  }

  /// The session is over in the store, which we hear from again: everything is free there, or
  /// somebody else's, which the first read tells.
  mutating func holdOver() {
    heldOver.merge(held)
    held.removeAll()
    isHolding = false
  }

  /// Asks first for what is held over and free; lets go what is somebody else's.
  mutating func settleHeldOver(at now: Instant) {
    for address in heldOver.keys {
      if let holder = holders[address] {
        heldOver[address] = nil
        losses[address] = .takenBy(holder)
        lost += 1
      } else if !queue.contains(address), !acquiring.contains(address) {
        queue.insert(address, due: now)
      }
    }
  }

  /// The gate's deadline where the policy is to hold: moved by this loop's beat when renewals cannot.
  var heldDeadline: Instant {
    let isWithoutLease = isHolding || !heldOver.isEmpty
    if isWithoutLease, beat < listenUntil { return .distantPast }
    if case .open = phase, !isWithoutLease { return max(deadline, beat + beatReach) }
    return isWithoutLease ? min(beat + beatReach, askedAt + Self.askingReach) : .distantPast
  }

  /// How far one beat carries: a loop that stalls longer shuts the gate.
  private var beatReach: Duration { beatInterval * 2 }
  private var beatInterval: Duration { timing?.stallLimit ?? .milliseconds(500) }

  /// When the loop has to run again for the gate to stay open without renewals.
  func nextBeat(after now: Instant) -> Instant {
    guard policy.holds else { return .distantFuture }
    if isHolding || !heldOver.isEmpty {
      return now < listenUntil ? min(listenUntil, now + beatInterval) : now + beatInterval
    }
    guard case .open = phase, !held.isEmpty else { return .distantFuture }
    return max(now + beatInterval, deadline - beatInterval)
  }
}
