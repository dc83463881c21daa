internal import Announcer
internal import Time
internal import Wire

/// The part of the daemon's `Responder` that decides: the real claim table, replaced and moved as there,
/// without sockets.
struct SimulatedResponder {
  /// One link is enough: the rules of several are the claim table's own matter.
  static let link: Int32 = 1

  private var table = ClaimTable()
  private var openedAt: [IPAddress: Instant] = [:]
  private let hardwareAddress: MACAddress
  /// When `table` last changed, other than by a later deadline.
  private(set) var changedAt: Moment

  init(hardwareAddress: MACAddress, at moment: Moment) {
    self.hardwareAddress = hardwareAddress
    changedAt = moment
  }

  /// As `Responder.replace`.
  mutating func replace(
    _ addresses: some Collection<IPAddress>, revision: UInt64, now: Instant, at moment: Moment
  ) {
    var openedAt: [IPAddress: Instant] = [:]
    for address in addresses { openedAt[address] = self.openedAt[address] ?? now }
    var table = ClaimTable(
      claims: openedAt.map { address, openedAt in
        (claim: Self.claim(of: address), slot: Int32(0), openedAt: openedAt)
      },
      links: [LinkContext(interfaceIndex: Self.link, hardwareAddress: hardwareAddress)],
      ownHardwareAddresses: [hardwareAddress], deadline: .distantPast, revision: revision)
    self.openedAt = openedAt
    table.succeed(self.table)
    self.table = table
    changedAt = moment
  }

  /// As `Responder.amend`.
  mutating func amend(
    removed: Set<IPAddress>, added: Set<IPAddress>, revision: UInt64, now: Instant,
    at moment: Moment
  ) {
    for address in removed { openedAt[address] = nil }
    for address in added { openedAt[address] = openedAt[address] ?? now }
    guard table.hasRoom(for: added.count) else {
      return replace(openedAt.keys, revision: revision, now: now, at: moment)
    }
    table.amend(
      removed: removed.map { Self.claim(of: $0) },
      added: added.map { address in
        (claim: Self.claim(of: address), slot: Int32(0), openedAt: openedAt[address] ?? now)
      }, revision: revision)
    changedAt = moment
  }

  /// As `Responder.extend`.
  mutating func extend(to deadline: Instant, now: Instant) { table.extend(to: deadline, now: now) }

  /// As `Responder.shorten`.
  mutating func shorten(to deadline: Instant, at moment: Moment) {
    table.deadline = min(table.deadline, deadline)
    changedAt = moment
  }

  /// As `Responder.shut`.
  mutating func shut(at moment: Moment) {
    table.deadline = .distantPast
    changedAt = moment
  }

  /// As `Responder.revoke`.
  mutating func revoke(_ addresses: Set<IPAddress>, revision: UInt64, at moment: Moment) {
    for address in addresses { table.revoke(address, revision: revision) }
    changedAt = moment
  }

  /// As `Responder.silence`.
  mutating func silence(at moment: Moment) {
    var table = ClaimTable()
    table.succeed(self.table)
    self.table = table
    openedAt = [:]
    changedAt = moment
  }

  /// What the gate says to a request for an address of which `frame` asks; nil where it answers.
  ///
  /// Mutating, though nothing changes: the table is looked at in place.
  mutating func refusal(
    of frame: [UInt8], receivedAt: Instant, now: Instant
  ) -> Reason? {
    let arrival = Arrival(
      interfaceIndex: Self.link, packetType: .broadcast, receivedAt: receivedAt)
    return switch table.verdict(on: frame.span, from: arrival, now: now) {
    case .reply: nil
    case .ignore(let reason): reason
    case .conflict: .conflict
    }
  }

  /// Whether the gate lets a gratuitous frame pass.
  mutating func announces(_ address: IPAddress, now: Instant) -> Bool {
    let frame = table.announcement(of: Self.claim(of: address), form: .arpReply, now: now)
    return if case .success = frame { true } else { false }
  }

  var isOpenUntil: Instant { table.deadline }

  static func claim(of address: IPAddress) -> Claim {
    Claim(address: address, interfaceIndex: link)
  }
}
