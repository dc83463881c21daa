internal import Announcer
internal import Lease
internal import Time
internal import Wire

/// Two machines that share no lease and ask for an address in the same moment.
///
/// Neither answers the other's questions, both find the address free, and both announce it. Each hears the other's
/// announcement, and the one with the higher hardware address gives the address up (wire.md §7.7).
extension Reconciler {
  /// How long after its first announcement an address is given up: ANNOUNCE_WAIT of RFC 5227 §1.1. After that it is
  /// defended.
  private static let announceWait = Duration.seconds(2)
  /// Stations that are asked for one address; an attacker makes up more.
  private static let mostAsked = 4

  /// The first time that an address is armed.
  struct FirstArming: Sendable {
    var since: Instant
    /// Stations that assert the address, and when they were asked.
    var asked: [MACAddress: Instant] = [:]
  }

  /// Takes note of which addresses are announced for the first time because the LAN was asked and nobody answered.
  mutating func noteFirst(_ addresses: Set<IPAddress>, at now: Instant) {
    firstArmed = firstArmed.filter { now < $0.value.since + Self.announceWait }
    for address in addresses.intersection(foundFree) where !formerlyHeld.contains(address) {
      firstArmed[address] = FirstArming(since: now)
    }
    foundFree.subtract(addresses)
  }

  /// Whether an address is left to the station that was heard.
  ///
  /// The lower hardware address wins. A node on several links counts as its lowest one, on whichever link it is heard:
  /// of two nodes one is the lowest of all, so that never both give up. The station is asked, and has to be heard again:
  /// a frame that somebody forged is not followed by an answer.
  mutating func concedes(
    _ claim: Claim, to hardwareAddress: MACAddress, heardAt: Instant, at now: Instant
  ) -> Bool {
    let address = claim.address
    // A lease that others can have decides by itself.
    guard view.timeToLive == nil, let first = firstArmed[address] else { return false }
    guard heardAt >= first.since, heardAt < first.since + Self.announceWait else { return false }
    let own = servingLinks(of: address).compactMap(\.hardwareAddress?.rawValue).min()
    guard let own, hardwareAddress.rawValue < own else { return false }
    if let askedAt = first.asked[hardwareAddress] { return heardAt > askedAt }
    guard first.asked.count < Self.mostAsked else { return false }
    firstArmed[address]?.asked[hardwareAddress] = now
    planner.ask([claim], at: now)
    return false
  }
}
