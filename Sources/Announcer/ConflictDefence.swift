package import Time
package import Wire

/// Decides what to do about foreign stations that assert our addresses (RFC 5227 §2.4 (b), RFC
/// 4862 §5.4): defend at once with one announcement, then no more for DEFEND_INTERVAL, whatever station
/// asserts the address on that link, and once more when it was asserted again meanwhile, so that the last
/// word that neighbours heard is ours. Never gives up an address by itself: the lease decides who has it.
///
/// What is sent is bounded by the number of claims, not by that of claimants, which an attacker makes up.
package struct ConflictDefence: Sendable {
  /// DEFEND_INTERVAL of RFC 5227 §1.1.
  package static let defendInterval = Duration.seconds(10)
  /// A conflict not heard of for this long is over, and forgotten.
  package static let memory = Duration.seconds(600)
  /// Claimants told apart at a time; an attacker makes up more.
  private static let capacity = 1024
  /// Claimants of one address that are worth a line each in DEFEND_INTERVAL.
  fileprivate static let mostNews = 4

  package struct Record: Hashable, Sendable {
    package var hardwareAddress: MACAddress
    package var interfaceIndex: Int32
    package var count: UInt64
    package var lastSeenAt: Instant
  }

  package struct Decision: Hashable, Sendable {
    /// Announce the address once, now.
    package var defends: Bool
    /// Worth telling those who look at the address: the first of this claimant, or its first in
    /// DEFEND_INTERVAL, but for claimants that come in crowds.
    package var isNews: Bool
    /// Worth a line of its own in the log; what is not comes with `takeSummary`.
    package var hasLine: Bool
    package var record: Record
  }

  private struct Claimant: Hashable {
    var address: IPAddress
    var hardwareAddress: MACAddress
  }

  private struct Station {
    var record: Record
    var lastNews = Instant.distantPast
  }

  /// The state of one contested claim, over all stations that contest it.
  fileprivate struct Contest {
    /// Who asserted it last, remembered or not: a crowd hides nobody.
    var latest: Record
    var lastDefence = Instant.distantPast
    /// Heard since the last defence, and not defended against.
    var isOwed = false
    var newsSince = Instant.distantPast
    var news = 0
  }

  private var claimants: [Claimant: Station] = [:]
  private var contests: [Claim: Contest] = [:]
  /// When what is over was looked for last: a crowd of claimants makes it a walk.
  private var forgotAt = Instant.distantPast
  private var summing = ConflictNews()

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
    if Self.isOver(forgotAt, at: now) { forget(at: now) }
    let key = Claimant(address: address, hardwareAddress: hardwareAddress)
    let claim = Claim(address: address, interfaceIndex: interfaceIndex)
    var station =
      claimants[key]
      ?? Station(
        record: Record(
          hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex, count: 0,
          lastSeenAt: lastSeenAt))
    station.record.count += UInt64(count)
    station.record.lastSeenAt = lastSeenAt
    station.record.interfaceIndex = interfaceIndex
    var contest = contests[claim] ?? Contest(latest: station.record)
    if lastSeenAt >= contest.latest.lastSeenAt { contest.latest = station.record }
    let isFresh = now - lastSeenAt <= Self.freshness
    let isDue = isFresh && Self.isOver(contest.lastDefence, at: now)
    if isDue { contest.lastDefence = now }
    contest.isOwed = !isDue && isDefending && contest.lastDefence != .distantPast
    let isUntold = isFresh && Self.isOver(station.lastNews, at: now)
    let isNews = isUntold && contest.admitsNews(at: now)
    if isNews { station.lastNews = now }
    if claimants.count < Self.capacity || claimants[key] != nil { claimants[key] = station }
    contests[claim] = contest
    let hasLine =
      isUntold
      && summing.admits(address, station.record, count: count, isNews: isNews, at: now)
    return Decision(
      defends: isDue && isDefending, isNews: isNews, hasLine: hasLine, record: station.record)
  }

  private static func isOver(_ last: Instant, at now: Instant) -> Bool {
    last == .distantPast || now - last >= defendInterval
  }

  /// What is to be announced once more now: whoever asserted it has done so after the last defence.
  package mutating func takeDue(at now: Instant) -> [(address: IPAddress, interfaceIndex: Int32)] {
    var due: [(address: IPAddress, interfaceIndex: Int32)] = []
    for (claim, contest) in contests
    where contest.isOwed && Self.isOver(contest.lastDefence, at: now) {
      contests[claim]?.isOwed = false
      contests[claim]?.lastDefence = now
      due.append((claim.address, claim.interfaceIndex))
    }
    return due
  }

  /// What had no line of its own, once in a minute.
  package mutating func takeSummary(at now: Instant) -> ConflictNews.Summary? {
    summing.takeSummary(at: now)
  }

  /// When `takeDue` or `takeSummary` has something next; the distant future where nothing waits.
  package var nextDue: Instant {
    let owed = contests.values.lazy.filter(\.isOwed).map { $0.lastDefence + Self.defendInterval }
    return min(owed.min() ?? .distantFuture, summing.nextDue)
  }

  /// The claimant of `address` heard last; nil where there is none.
  package func latest(for address: IPAddress) -> Record? {
    contests.filter { $0.key.address == address }.map(\.value.latest)
      .max { $0.lastSeenAt < $1.lastSeenAt }
  }

  /// The latest claimant of every address that has one.
  package var records: [IPAddress: Record] {
    contests.reduce(into: [:]) { result, entry in
      let record = entry.value.latest
      if let known = result[entry.key.address], known.lastSeenAt >= record.lastSeenAt { return }
      result[entry.key.address] = record
    }
  }

  /// The latest claimant of every address that was heard since `instant`.
  package func records(since instant: Instant) -> [IPAddress: Record] {
    records.filter { $0.value.lastSeenAt >= instant }
  }

  private mutating func forget(at now: Instant) {
    forgotAt = now
    let instant = now - Self.memory
    claimants = claimants.filter { $0.value.record.lastSeenAt >= instant }
    contests = contests.filter { $0.value.isOwed || $0.value.latest.lastSeenAt >= instant }
  }
}

extension ConflictDefence.Contest {
  /// Whether one more claimant may have its line, counted.
  fileprivate mutating func admitsNews(at now: Instant) -> Bool {
    if newsSince == .distantPast || now - newsSince >= ConflictDefence.defendInterval {
      newsSince = now
      news = 0
    }
    news += 1
    return news <= ConflictDefence.mostNews
  }
}
