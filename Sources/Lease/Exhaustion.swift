package import Time
package import Wire

/// The addresses that a store cannot claim because something is used up: file descriptors, room on a disk, a quota.
///
/// What is missing is missing for all of them. So one is tried from time to time, and more only once that has worked:
/// twenty thousand that are tried every two seconds are a busy loop that changes nothing.
package struct Exhaustion: Sendable {
  /// What the next try waits at first, and at most.
  package static let shortestPause = Duration.seconds(2)
  package static let longestPause = Duration.seconds(30)

  /// By the time of the failure, so that each has its turn.
  private var line = DueQueue()
  private var pause = Duration.zero
  /// How many are tried together next.
  private var allowance = 1
  private var triesAt = Instant.distantPast
  private var isTrying = false

  package init() {}

  /// When the next try is due; nil for none.
  package var dueAt: Instant? { line.isEmpty ? nil : triesAt }

  package func contains(_ address: IPAddress) -> Bool { line.contains(address) }

  /// These could not be claimed.
  package mutating func note(_ addresses: [IPAddress], at now: Instant) {
    guard !addresses.isEmpty else { return }
    for address in addresses { line.insert(address, due: now) }
    allowance = 1
    if isTrying || triesAt <= now {
      pause = min(max(isTrying ? pause * 2 : pause, Self.shortestPause), Self.longestPause)
      triesAt = now + pause
    }
    isTrying = false
  }

  /// A claim was made: there is room, for twice as many as the last time.
  package mutating func noteRoom(at now: Instant) {
    guard !line.isEmpty else {
      self = Exhaustion()
      return
    }
    pause = .zero
    isTrying = false
    allowance = min(allowance * 2, 1 << 20)
    triesAt = now
  }

  package mutating func remove(_ address: IPAddress) {
    line.remove(address)
    if line.isEmpty { self = Exhaustion() }
  }

  package mutating func removeAll() { self = Exhaustion() }

  /// What is to be tried now; nothing more before there is an answer, or the time for one has passed.
  package mutating func take(at now: Instant, limit: Int) -> [IPAddress] {
    guard let dueAt, now >= dueAt else { return [] }
    triesAt = now + max(pause, Self.shortestPause)
    isTrying = true
    return line.take(dueAt: now, limit: min(limit, allowance))
  }
}
