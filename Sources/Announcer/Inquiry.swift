package import Time
package import Wire

/// Asks whether an address is free before it is announced for the first time (RFC 5227 §2.1.1, RFC 4862 §5.4), and
/// goes on asking for those that are not.
///
/// Pure: told what is wanted and who answers, asked for one step at a time (wire.md §7.2). The RFCs' two to seven
/// seconds are for hosts that join a link unasked; here somebody waits for the address, and a neighbour that is there
/// answers within milliseconds.
package struct Inquiry: Sendable {
  package enum Step: Hashable, Sendable {
    /// Ask for this address now, on all links that would serve it.
    case ask(IPAddress)
    /// Nobody has it.
    case free(IPAddress)
    /// Somebody has it, and nobody was known to before.
    case occupied(IPAddress)
    case wait(until: Instant)
  }

  /// Questions for one address, and what came of them so far.
  private struct Entry: Sendable {
    var roundAt: Instant
    var questions = 0
    var rounds = 0
    var isHeard = false
    var isOccupied = false
    var record: ConflictDefence.Record?

    /// When something is to be done next.
    var dueAt: Instant {
      roundAt
        + (questions < Inquiry.questions ? Inquiry.questionInterval * questions : Inquiry.patience)
    }
  }

  /// A question that is lost is asked again.
  private static let questions = 2
  private static let questionInterval = Duration.milliseconds(100)
  /// From the first question to the verdict.
  package static let patience = Duration.milliseconds(200)
  /// Between the beginnings of two rounds for what somebody has: at first so short that it is announced soon
  /// after that one has gone.
  package static let eagerInterval = Duration.seconds(1)
  private static let eagerRounds = 60
  /// In so many rounds somebody answers before it is said.
  private static let roundsToBelieve = 2
  package static let patientInterval = Duration.seconds(10)
  /// Addresses that are asked for at a time, over all links: a subnet of 256. More are a scan of the LAN; the rest is
  /// announced and asked for then.
  package static let capacity = 256
  /// So many questions leave together.
  private static let burst = 32
  private static let burstInterval = Duration.milliseconds(5)

  private var entries: [IPAddress: Entry] = [:]
  /// What found no room among `entries`.
  private var passed: [IPAddress] = []

  package init() {}

  /// Those that are not to be announced yet, because the answer is awaited.
  package var pending: Set<IPAddress> {
    Set(entries.lazy.filter { !$0.value.isOccupied }.map(\.key))
  }

  package func isPending(_ address: IPAddress) -> Bool {
    entries[address].map { !$0.isOccupied } ?? false
  }

  /// Those that somebody has.
  package var occupied: [IPAddress: ConflictDefence.Record] {
    entries.compactMapValues { $0.isOccupied ? $0.record : nil }
  }

  /// Who has it; nil where nobody is known to.
  package func occupant(of address: IPAddress) -> ConflictDefence.Record? {
    entries[address].flatMap { $0.isOccupied ? $0.record : nil }
  }

  package var isEmpty: Bool { entries.isEmpty && passed.isEmpty }

  /// Makes `unknown` the whole of what is asked for: addresses that nobody is known to have announced.
  ///
  /// - Parameter room: how many may be asked for at a time, one in any case.
  package mutating func update(
    _ unknown: Set<IPAddress>, room: Int = Inquiry.capacity, at now: Instant
  ) {
    entries = entries.filter { unknown.contains($0.key) }
    passed.removeAll { !unknown.contains($0) }
    let known = Set(passed)
    let new = unknown.filter { entries[$0] == nil && !known.contains($0) }.sorted()
    let room = max(0, max(1, room) - entries.count)
    for (number, address) in new.prefix(room).enumerated() {
      entries[address] = Entry(roundAt: now + Self.burstInterval * (number / Self.burst))
    }
    passed += new.dropFirst(room)
  }

  /// Takes note of a foreign station that has asserted an address `count` times.
  package mutating func hear(
    _ address: IPAddress, from hardwareAddress: MACAddress, on interfaceIndex: Int32, count: Int,
    lastSeenAt: Instant
  ) {
    guard var entry = entries[address] else { return }
    // What was heard before the question says nothing of now.
    if lastSeenAt >= entry.roundAt, entry.questions > 0 { entry.isHeard = true }
    let known = entry.record?.count ?? 0
    entry.record = ConflictDefence.Record(
      hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex,
      count: known + UInt64(count), lastSeenAt: lastSeenAt)
    entries[address] = entry
  }

  /// Takes note that a station has an address which was found free a moment ago. It is asked for from here on, as if
  /// the station had answered in time.
  package mutating func occupy(
    _ address: IPAddress, by hardwareAddress: MACAddress, on interfaceIndex: Int32, count: Int,
    lastSeenAt: Instant, at now: Instant
  ) {
    var entry = Entry(roundAt: now + Self.eagerInterval)
    entry.rounds = Self.roundsToBelieve
    entry.isOccupied = true
    entry.record = ConflictDefence.Record(
      hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex, count: UInt64(count),
      lastSeenAt: lastSeenAt)
    entries[address] = entry
  }

  /// The next thing to do at `now`. Call it again until it says `.wait`.
  package mutating func next(at now: Instant) -> Step {
    if let address = passed.popLast() { return .free(address) }
    let due = entries.min { ($0.value.dueAt, $0.key) < ($1.value.dueAt, $1.key) }
    guard let (address, entry) = due else { return .wait(until: .distantFuture) }
    guard entry.dueAt <= now else { return .wait(until: entry.dueAt) }
    if entry.questions < Self.questions {
      entries[address]?.questions += 1
      // A caller that comes late asks no faster, and listens no shorter.
      let lateness = now - entry.dueAt
      entries[address]?.roundAt = entry.roundAt + lateness
      return .ask(address)
    }
    guard entry.isHeard else {
      entries[address] = nil
      return .free(address)
    }
    var next = entry
    next.questions = 0
    next.rounds += 1
    next.isHeard = false
    // One of our nodes may have taken it a moment ago, and the word of it be under way: asked again at once.
    next.isOccupied = next.rounds >= Self.roundsToBelieve
    let interval = next.rounds < Self.eagerRounds ? Self.eagerInterval : Self.patientInterval
    next.roundAt = next.isOccupied ? max(now, entry.roundAt + interval) : now
    entries[address] = next
    guard next.isOccupied, !entry.isOccupied else { return self.next(at: now) }
    return .occupied(address)
  }
}
