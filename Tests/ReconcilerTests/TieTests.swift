import Announcer
import Lease
import Reconciler
import Testing
import Wire

/// Two machines on leases of their own that begin in the same moment: the one with the lower hardware address stays.
struct TieTests {
  private let lower = MACAddress(rawValue: 0x0000_0000_0009)
  private let higher = MACAddress(rawValue: 0x0200_0000_0009)

  /// Has asked, found the address free, and announced it at 200.
  private func announcing(
    timeToLive: Duration? = nil, asksFirst: Bool = true, links: [Link] = [Transcript.lan0]
  ) -> Transcript {
    var node = Transcript("10.0.0.1", timeToLive: timeToLive)
    node.links = links
    node.asksFirst = asksFirst
    let start = node.at(0)
    node.see { $0.confirmedAt = start }
    node.serve(at: 0)
    for time: Int64 in [0, 100, 200] { _ = node.steps(at: time) }
    node.gain(until: 600_000)
    #expect(
      node.steps(at: 200).first?.hasPrefix("arm 10.0.0.1") == true, "it is armed at 200")
    return node
  }

  @Test func theLowerHardwareAddressHasIt() {
    var node = announcing()
    node.hear("10.0.0.1", from: lower, at: 240)
    #expect(node.steps(at: 240) == ["defend 10.0.0.1", "ask for 10.0.0.1", "wait"])
    let isDefended = node.hear("10.0.0.1", from: lower, at: 250)
    #expect(!isDefended)
    // Silent first, and only then not competed for.
    #expect(
      node.steps(at: 250) == [
        "reassess", "arm nothing", "compete for nothing", "wait until 1250",
      ])
    #expect(node.reconciler.occupant(of: IPAddress("10.0.0.1")!)?.hardwareAddress == lower)
    node.see {
      $0.held = [:]
      $0.competitions = 2
    }
    #expect(node.steps(at: 300) == ["wait until 1250"])
  }

  @Test func theHigherOneGoesAndTheAddressIsDefended() {
    var node = announcing()
    let isDefended = node.hear("10.0.0.1", from: higher, at: 250)
    #expect(isDefended)
    #expect(node.steps(at: 250).first == "defend 10.0.0.1")
    #expect(node.reconciler.armed.count == 1)
  }

  /// It is asked for as what a station has always had, and taken once that one has gone.
  @Test func whatWasLeftIsTakenOnceTheOtherHasGone() {
    var node = announcing()
    for time: Int64 in [240, 250] {
      node.hear("10.0.0.1", from: lower, at: time)
      _ = node.steps(at: time)
    }
    node.see {
      $0.held = [:]
      $0.competitions = 2
    }
    #expect(node.steps(at: 1250) == ["is 10.0.0.1 free?", "wait until 1350"])
    node.answer("10.0.0.1", at: 1251)
    _ = node.steps(at: 1350)
    #expect(node.steps(at: 1450) == ["wait until 2250"])
    _ = node.steps(at: 2250)
    _ = node.steps(at: 2350)
    #expect(node.steps(at: 2450) == ["reassess", "compete for 10.0.0.1", "wait"])
  }

  @Test(arguments: [198, 2199]) func beforeAndLaterItIsDefended(from time: Int64) {
    var node = announcing()
    #expect(node.reconciler.armed.count == 1)
    for time in time...(time + 1) {
      node.hear("10.0.0.1", from: lower, at: time)
      _ = node.steps(at: max(200, time))
    }
    #expect(node.reconciler.armed.count == 1)
  }

  /// Each of them is asked once, some of them, and none answers.
  @Test func aCrowdThatIsMadeUpTakesNothing() {
    var node = announcing()
    var questions = 0
    for number in 0..<500 {
      let station = MACAddress(rawValue: UInt64(0x100 + number))
      node.hear("10.0.0.1", from: station, at: 300 + Int64(number))
      questions += node.steps(at: 300 + Int64(number)).count { $0 == "ask for 10.0.0.1" }
    }
    #expect(node.reconciler.armed.count == 1)
    #expect(questions == 4)
  }

  /// Where a lease is shared, it says whose the address is.
  @Test func aLeaseWithATimeToLiveDecides() {
    var node = announcing(timeToLive: .seconds(5))
    let isDefended = node.hear("10.0.0.1", from: lower, at: 250)
    #expect(isDefended)
    #expect(node.steps(at: 250).first == "read the store")
    node.hear("10.0.0.1", from: lower, at: 260)
    _ = node.steps(at: 260)
    #expect(node.reconciler.armed.count == 1)
  }

  /// What was not asked for is announced whoever has it.
  @Test func whatWasNotAskedForIsKept() {
    var node = Transcript("10.0.0.1", timeToLive: nil)
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 600_000)
    _ = node.steps(at: 200)
    for time: Int64 in [240, 250] {
      node.hear("10.0.0.1", from: lower, at: time)
      _ = node.steps(at: time)
    }
    #expect(node.reconciler.armed.count == 1)
  }

  /// One of the two is the lowest of all, and stays whatever it hears. The other goes when it hears that one.
  @Test func aNodeOnTwoLinksCountsAsItsLowerOne() {
    let links = [
      Transcript.lan0,
      Link(
        id: LinkID(index: 3, generation: 0), name: "lan1",
        flags: [.up, .lowerUp, .broadcast, .multicast], operationalState: .up,
        hardwareAddress: MACAddress(rawValue: 0x0400_0000_0001)),
    ]
    var node = announcing(links: links)
    for time: Int64 in [240, 250] {
      node.hear("10.0.0.1", from: higher, on: 3, at: time)
      _ = node.steps(at: time)
    }
    #expect(node.reconciler.armed.count == 2)
    for time: Int64 in [260, 270] {
      node.hear("10.0.0.1", from: lower, on: 3, at: time)
      _ = node.steps(at: time)
    }
    #expect(node.reconciler.armed.isEmpty)
  }
}
