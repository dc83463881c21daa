import Announcer
import Lease
import Reconciler
import Time
import Wire

/// Plays a node step by step and writes down what it does, one short line per step. Times are milliseconds.
struct Transcript {
  var reconciler: Reconciler
  var view = LeaseView.initial
  var links: [Link]
  var addresses: [IPAddress]
  var isDrained = false
  var asksFirst = false
  /// What the kernel says to filters; nil where it takes them.
  var filters: String?
  /// Solicited-node groups that cannot be joined.
  var failingGroups: Set<IPv6Address> = []
  /// Addresses that the kernel of the node answers for.
  var ownAddresses: Set<IPAddress> = []
  /// What the kernel says to frames; nil where it sends them.
  var refusal: String?
  /// How often the election was told what to compete for.
  private(set) var competitions: UInt64 = 0

  static let lan0 = Link(
    id: LinkID(index: 2, generation: 0), name: "lan0",
    flags: [.up, .lowerUp, .broadcast, .multicast],
    operationalState: .up, hardwareAddress: MACAddress(rawValue: 0x0200_0000_0001))
  static let station = MACAddress(rawValue: 0x0200_0000_0009)
  private static let start = Instant(nanoseconds: 1_000_000_000_000)

  init(_ addresses: String..., rounds: [Duration] = [.zero], timeToLive: Duration? = .seconds(5)) {
    self.addresses = addresses.map { IPAddress($0)! }
    links = [Self.lan0]
    reconciler = Reconciler(
      schedule: AnnouncementSchedule(rounds: rounds, refresh: .zero, spacing: .zero))
    view.timeToLive = timeToLive
    view.session = .open(SessionID("s1"))
  }

  func at(_ time: Int64) -> Instant { Self.start + .milliseconds(time) }

  // MARK: What is told

  /// The links are as they are, and what can be served follows from them.
  mutating func serve(at time: Int64) {
    reconciler.update(links)
    let requests = [
      AnnouncementRequest(origin: "test", ranges: addresses.map { IPRange($0) })
    ]
    let stations = reconciler.occupants.mapValues {
      KnownAddresses.Station(hardwareAddress: $0.hardwareAddress, link: "lan0")
    }
    reconciler.update(
      Serviceability(
        Assignments(requests), node: "node-a", isDrained: isDrained,
        links: reconciler.mark(links), known: KnownAddresses(stations: stations)),
      asksFirst: asksFirst, at: at(time))
  }

  /// The election says something else.
  mutating func see(_ change: (inout LeaseView) -> Void) {
    change(&view)
    reconciler.update(view)
  }

  /// The election says something else, and of which addresses.
  mutating func seeChange(_ change: (inout LeaseView) -> Void) {
    let before = view
    change(&view)
    view.changed = Self.changes(from: before, to: view)
    _ = view.follow(before)
    reconciler.update(view)
    view.changed = nil
  }

  /// Where two views differ in what is told by address.
  static func changes(from before: LeaseView, to after: LeaseView) -> Set<IPAddress> {
    let all = Set(before.held.keys).union(after.held.keys).union(before.holders.keys)
      .union(after.holders.keys).union(before.yielding).union(after.yielding)
    return all.filter { address in
      before.held[address] != after.held[address]
        || before.holders[address] != after.holders[address]
        || before.yielding.contains(address) != after.yielding.contains(address)
    }
  }

  /// Everything that is wanted is held until `deadline`, in epoch 7.
  mutating func gain(until deadline: Int64) {
    let addresses = addresses
    let (since, end) = (at(0), at(deadline))
    see { view in
      for address in addresses { view.held[address] = HeldClaim(epoch: Epoch(7), since: since) }
      view.deadline = end
      view.confirmedAt = since
      view.competitions = 1
    }
  }

  /// A renewal, and nothing else.
  mutating func renew(until deadline: Int64) {
    let end = at(deadline)
    see { $0.deadline = end }
  }

  /// Another station asserts an address; true where it is to be defended.
  @discardableResult
  mutating func hear(
    _ address: String, from station: MACAddress = Self.station, on link: Int32 = 2, at time: Int64
  ) -> Bool {
    let claim = Claim(address: IPAddress(address)!, interfaceIndex: link)
    return reconciler.hear(
      claim, from: station, count: 1, lastSeenAt: at(time), isDefending: true, at: at(time))?
      .defends ?? false
  }

  /// Another station answers a question.
  mutating func answer(_ address: String, at time: Int64) {
    _ = reconciler.hearStation(
      IPAddress(address)!, from: Self.station, on: 2, count: 1, lastSeenAt: at(time))
  }

  // MARK: What is done

  /// Every step at this time, the wait included.
  mutating func steps(at time: Int64) -> [String] {
    var lines: [String] = []
    while lines.count < 1000 {
      let step = reconciler.next(at: at(time))
      if let line = text(step) { lines.append(line) }
      if case .wait = step { return lines }
      report(step, at: time)
    }
    return lines + ["no end"]
  }

  /// Performs a step, as a daemon would.
  mutating func report(_ step: Reconciler.Step, at time: Int64) {
    switch step {
    case .compete: competitions += 1
    case .arm, .amend: reconciler.report(arming: filters, at: at(time))
    case .join(let groups):
      reconciler.report(
        joining: groups, failures: groups.filter { failingGroups.contains($0.group) },
        at: at(time))
    case .lookUp(let addresses):
      reconciler.report(answeredByKernel: addresses.intersection(ownAddresses))
    case .reassess: serve(at: time)
    case .announce(let claim, _), .defend(let claim):
      _ = reconciler.report(sending: claim, refusal: refusal, at: at(time))
    case .trySending(let way, let address, _):
      _ = reconciler.report(sending: way, address, refusal: refusal, at: at(time))
    default: break
    }
  }

  /// Nil for what is only said to people, or goes without saying.
  func text(_ step: Reconciler.Step) -> String? {
    switch step {
    case .arm(let set, _): "arm \(text(set.addresses))"
    case .amend(let change, _): "amend \(text(change))"
    case .join(let groups): "join \(groups.map { "\($0.group)" }.sorted().joined(separator: " "))"
    case .silence: "silence"
    case .compete(let addresses): "compete for \(text(addresses))"
    case .giveUp(let addresses): "give up \(text(addresses))"
    case .verify: "read the store"
    case .yieldToRival(let address): "yield \(address)"
    case .end: "release and end"
    case .announce(let claim, let isFirst): "announce \(claim.address)\(isFirst ? " first" : "")"
    case .defend(let claim): "defend \(claim.address)"
    case .ask(let claim): "ask for \(claim.address)"
    case .askForRivals(let claims): "ask for rivals of \(text(Set(claims.map(\.address))))"
    case .trySending(_, let address, _): "try to send for \(address)"
    case .lookUp, .listen, .settled, .summarize: nil
    case .question(let claims): "is \(text(Set(claims.map(\.address)))) free?"
    case .reassess: "reassess"
    case .wait(let until): until == .distantFuture ? "wait" : "wait until \(text(until))"
    }
  }

  private func text(_ change: ArmedChange) -> String {
    (change.removed.map { "-\($0.address)" }.sorted()
      + change.added.keys.map { "+\($0.address)" }.sorted()).joined(separator: " ")
  }

  private func text(_ addresses: Set<IPAddress>) -> String {
    addresses.isEmpty ? "nothing" : addresses.sorted().map { "\($0)" }.joined(separator: " ")
  }

  private func text(_ instant: Instant) -> String {
    switch instant {
    case .distantPast: "never"
    case .distantFuture: "ever"
    default: "\((instant - Self.start).milliseconds)"
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
