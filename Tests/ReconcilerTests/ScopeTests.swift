import Announcer
import Lease
import Reconciler
import SeededRandom
import Testing
import Time
import Wire

/// A view that names what has changed costs what it names, and ends where a look at everything would.
struct ScopeTests {
  /// Announcing 10.0.0.1 to 10.0.0.3 until 9000.
  private func announcing() -> Transcript {
    var node = Transcript("10.0.0.1", "10.0.0.2", "10.0.0.3")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 9000)
    _ = node.steps(at: 0)
    return node
  }

  private let first = IPAddress("10.0.0.1")!

  @Test func aLossIsTheOnlyThingThatIsDisarmed() {
    var node = announcing()
    node.seeChange { $0.held[first] = nil }
    #expect(node.steps(at: 10) == ["amend -10.0.0.1", "wait"])
    let since = node.at(20)
    node.seeChange { $0.held[first] = HeldClaim(epoch: Epoch(9), since: since) }
    #expect(
      node.steps(at: 20) == [
        "amend +10.0.0.1", "announce 10.0.0.1 first", "ask for 10.0.0.1", "wait",
      ])
  }

  @Test func whatYieldsIsDisarmedBeforeItIsGivenUp() {
    var node = announcing()
    node.seeChange { $0.yielding = [first] }
    #expect(node.steps(at: 10) == ["amend -10.0.0.1", "give up 10.0.0.1", "wait"])
  }

  /// The gate has revoked it in between (lease.md §2.17), whatever the two ends look like.
  @Test func whatWasLostAndGainedAgainUnseenIsArmedAgain() {
    var node = announcing()
    var lost = node.view
    lost.held[first] = nil
    lost.changed = [first]
    _ = lost.follow(node.view)
    var gained = node.view
    gained.revision = lost.revision
    gained.changed = []
    gained.supersede(lost)
    node.reconciler.update(gained)
    #expect(node.steps(at: 10) == ["amend +10.0.0.1", "wait"])
  }

  /// It was announced elsewhere before anybody asked for it here: taking it over asks nobody (wire.md §7.3).
  @Test func whatAnotherNodeHasIsKnownBeforeItIsWanted() {
    var node = Transcript("10.0.0.2")
    node.asksFirst = true
    node.seeChange { view in
      view.holders[first] = Holder(
        node: "node-b", session: SessionID("s2"), epoch: Epoch(3))
    }
    node.reconciler.keep(Assignments([]))
    node.addresses = [first]
    node.serve(at: 0)
    #expect(node.steps(at: 0) == ["arm nothing", "compete for 10.0.0.1", "wait"])
  }

  @Test func whatIsLostOnItsOnlyLinkTakesTheLinkAlong() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 9000)
    _ = node.steps(at: 0)
    node.seeChange { $0.held = [:] }
    #expect(node.steps(at: 10) == ["arm nothing", "wait"])
  }

  @Test func whatCostsAsMuchAsTheWholeIsArmedAsAWhole() {
    var node = Transcript()
    node.addresses = (1...100).map { IPAddress("10.0.0.\($0)")! }
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 9000)
    _ = node.steps(at: 0)
    node.seeChange { view in
      for number in 2...100 { view.held[IPAddress("10.0.0.\(number)")!] = nil }
    }
    #expect(node.steps(at: 10) == ["arm 10.0.0.1", "wait"])
  }

  @Test func afterAFailureEverythingIsLookedAt() {
    var node = announcing()
    node.filters = "no memory"
    node.seeChange { $0.held[first] = nil }
    #expect(
      node.steps(at: 10) == [
        "amend -10.0.0.1", "silence", "compete for nothing", "wait until 2010",
      ])
    node.filters = nil
    let since = node.at(20)
    node.seeChange {
      $0.held[first] = HeldClaim(epoch: Epoch(9), since: since)
      $0.competitions = 2
    }
    #expect(node.steps(at: 2010).first == "arm 10.0.0.1 10.0.0.2 10.0.0.3")
  }

  /// Two nodes hear the same news. One is told what has changed, the other looks at everything each time.
  @Test(arguments: seeds(200))
  func someAddressesEndWhereEverythingWould(seed: UInt64) throws {
    var world = World(seed: seed)
    for number in 0..<80 {
      let what = world.change()
      let (told, whole) = world.steps()
      try #require(
        told.reconciler.armed == whole.reconciler.armed, "change \(number) of seed \(seed): \(what)"
      )
      try #require(
        told.reconciler.candidates == whole.reconciler.candidates,
        "change \(number) of seed \(seed): \(what)")
      try #require(told.lines == whole.lines, "change \(number) of seed \(seed): \(what)")
    }
  }
}

/// Two nodes in one random world.
private struct World {
  private var random: SplitMix64
  private var told: Transcript
  private var whole: Transcript
  private var now: Int64 = 0
  private var epoch: UInt64 = 10
  private var unread: LeaseView?
  private let addresses = [
    "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "2001:db8::1", "2001:db8::2",
    "2001:db8:1::1:1", "2001:db8:2::1:1",
  ].map { IPAddress($0)! }

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    var node = Transcript(rounds: [.zero, .milliseconds(30)])
    node.addresses = addresses
    node.asksFirst = random.chance(50)
    node.view.deadline = node.at(1_000_000)
    node.serve(at: 0)
    told = node
    whole = node
  }

  private static func request(_ addresses: [IPAddress]) -> AnnouncementRequest {
    AnnouncementRequest(origin: "test", ranges: addresses.map { IPRange($0) })
  }

  private mutating func both(_ body: (inout Transcript) -> Void) {
    body(&told)
    body(&whole)
  }

  /// The election publishes a view. Now and then nobody reads it before the next one.
  private mutating func see(_ change: (inout LeaseView) -> Void) {
    let before = told.view
    var view = before
    change(&view)
    var news = view
    news.changed = Transcript.changes(from: before, to: view)
    _ = news.follow(before)
    view.revision = news.revision
    if let unread { news.supersede(unread) }
    told.view = view
    whole.view = view
    unread = random.chance(30) ? news : nil
    guard unread == nil else { return }
    told.reconciler.update(news)
    whole.reconciler.update(view)
    // What came and went again unseen is news for the one that is told of it.
    if news.changed?.isEmpty == false { whole.reconciler.lookAgain() }
  }

  /// One thing happens; what it was, in words.
  mutating func change() -> String {
    now += random.within(0...400)
    let now = now
    let address = random.pick(addresses)
    let competitions = told.competitions
    epoch += 1
    let epoch = Epoch(epoch)
    switch random.below(14) {
    case 0...3:
      let since = told.at(now)
      see {
        $0.held[address] = HeldClaim(epoch: epoch, since: since)
        $0.holders[address] = nil
      }
      return "gains \(address)"
    case 4, 5:
      see {
        $0.held[address] = nil
        $0.yielding.remove(address)
      }
      return "loses \(address)"
    case 6:
      see {
        $0.held[address] = nil
        $0.holders[address] = Holder(node: "node-b", session: SessionID("s2"), epoch: epoch)
      }
      return "\(address) is held by another node"
    case 7:
      see { $0.holders[address] = nil }
      return "\(address) is free"
    case 8:
      see { if $0.held[address] != nil { $0.yielding.insert(address) } }
      return "yields \(address)"
    case 9:
      see { $0.competitions = competitions }
      return "the election has caught up"
    case 10:
      let isWanted = told.addresses.contains(address)
      both { node in
        if isWanted {
          node.addresses.removeAll { $0 == address }
        } else {
          node.addresses.append(address)
        }
        node.reconciler.keep(Assignments([Self.request(node.addresses)]))
        node.serve(at: now)
      }
      return "\(address) is wanted or not"
    case 11:
      both { node in
        node.links[0].revision += 1
        node.serve(at: now)
      }
      return "the link has changed"
    case 12:
      both { $0.answer("\(address)", at: now) }
      return "a station answers for \(address)"
    default:
      both { node in
        node.filters = "no memory"
        node.reconciler.armAgain()
      }
      return "the kernel refuses the filters"
    }
  }

  /// What the two do now, apart from how they arm.
  mutating func steps() -> (told: Outcome, whole: Outcome) {
    func lines(_ node: inout Transcript, _ now: Int64) -> [String] {
      defer { node.filters = nil }
      return node.steps(at: now).filter { !$0.hasPrefix("arm") && !$0.hasPrefix("amend") }
    }
    let first = lines(&told, now)
    let second = lines(&whole, now)
    return (
      Outcome(reconciler: told.reconciler, lines: first),
      Outcome(reconciler: whole.reconciler, lines: second)
    )
  }

  struct Outcome {
    let reconciler: Reconciler
    let lines: [String]
  }
}
