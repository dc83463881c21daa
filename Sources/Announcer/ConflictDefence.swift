package import Time
package import Wire

/// Decides what to do about foreign stations that assert our addresses (RFC 5227 §2.4 (b), RFC
/// 4862 §5.4): defend at once with one announcement, then at most once in DEFEND_INTERVAL for that
/// claimant, and once more when a claimant that spoke again has fallen silent, so that the last word that
/// neighbours heard is ours. Never gives up an address by itself: the lease decides who has it.
package struct ConflictDefence: Sendable {
  /// DEFEND_INTERVAL of RFC 5227 §1.1.
  package static let defendInterval = Duration.seconds(10)
  /// A conflict not heard of for this long is over, and forgotten.
  package static let memory = Duration.seconds(600)
  /// Claimants told apart at a time; an attacker makes up more.
  private static let capacity = 1024

  package struct Record: Hashable, Sendable {
    package var hardwareAddress: MACAddress
    package var interfaceIndex: Int32
    package var count: UInt64
    package var lastSeenAt: Instant
  }

  package struct Decision: Hashable, Sendable {
    /// Announce the address once, now.
    package var defends: Bool
    /// Worth a line in the log: the first of this claimant, or its first in DEFEND_INTERVAL.
    package var isNews: Bool
    package var record: Record
  }

  private struct Claimant: Hashable {
    var address: IPAddress
    var hardwareAddress: MACAddress
  }

  private struct State {
    var record: Record
    var lastDefence: Instant
    /// Heard since the last defence, and not defended against.
    var isOwed = false
  }

  private var claimants: [Claimant: State] = [:]

  package init() {}

  /// What was heard longer ago than this is counted only: it waited while this node was frozen, and
  /// the address may belong to whoever was heard. A claimant that stays is heard again.
  package static let freshness = Duration.milliseconds(100)

  /// Takes note of `count` frames and decides.
  ///
  /// - Parameter isDefending: false where the configuration says `report`.
  package mutating func hear(
    _ address: IPAddress, from hardwareAddress: MACAddress, on interfaceIndex: Int32, count: Int,
    lastSeenAt: Instant, isDefending: Bool, at now: Instant
  ) -> Decision {
    forget(before: now - Self.memory)
    let key = Claimant(address: address, hardwareAddress: hardwareAddress)
    var state =
      claimants[key]
      ?? State(
        record: Record(
          hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex, count: 0,
          lastSeenAt: lastSeenAt), lastDefence: .distantPast)
    state.record.count += UInt64(count)
    state.record.lastSeenAt = lastSeenAt
    state.record.interfaceIndex = interfaceIndex
    let isDue =
      now - lastSeenAt <= Self.freshness
      && (state.lastDefence == .distantPast || now - state.lastDefence >= Self.defendInterval)
    if isDue { state.lastDefence = now }
    state.isOwed = !isDue && isDefending && state.lastDefence != .distantPast
    if claimants.count < Self.capacity || claimants[key] != nil { claimants[key] = state }
    return Decision(defends: isDue && isDefending, isNews: isDue, record: state.record)
  }

  /// What is to be announced once more now: whoever asserted it has done so after the last defence.
  package mutating func takeDue(at now: Instant) -> [(address: IPAddress, interfaceIndex: Int32)] {
    var due: [(address: IPAddress, interfaceIndex: Int32)] = []
    for (claimant, state) in claimants
    where state.isOwed && now - state.lastDefence >= Self.defendInterval {
      claimants[claimant]?.isOwed = false
      claimants[claimant]?.lastDefence = now
      due.append((claimant.address, state.record.interfaceIndex))
    }
    return due
  }

  /// When `takeDue` has something next; the distant future where nothing is owed.
  package var nextDue: Instant {
    claimants.values.filter(\.isOwed).map { $0.lastDefence + Self.defendInterval }.min()
      ?? .distantFuture
  }

  /// The claimant of `address` heard last; nil where there is none.
  package func latest(for address: IPAddress) -> Record? {
    claimants.filter { $0.key.address == address }.map(\.value.record)
      .max { $0.lastSeenAt < $1.lastSeenAt }
  }

  /// The latest claimant of every address that has one.
  package var records: [IPAddress: Record] {
    claimants.reduce(into: [:]) { result, entry in
      let record = entry.value.record
      if let known = result[entry.key.address], known.lastSeenAt >= record.lastSeenAt { return }
      result[entry.key.address] = record
    }
  }

  private mutating func forget(before instant: Instant) {
    guard claimants.contains(where: { $0.value.record.lastSeenAt < instant }) else { return }
    claimants = claimants.filter { $0.value.record.lastSeenAt >= instant }
  }
}
