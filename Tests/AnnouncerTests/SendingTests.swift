import Announcer
import Testing
import Time
import Wire

struct SendingTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)
  private let lan0 = ethernet(2, "lan0")
  private let address = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  private var way: Sending.Way { Sending.Way(link: lan0.id, isIPv6: false) }

  /// Notes how a frame fared, so many milliseconds after the start.
  private func note(
    _ sending: inout Sending, _ error: String?, after milliseconds: Int
  ) -> Sending.News? {
    sending.note(way, address, error: error, at: start + .milliseconds(milliseconds))
  }

  @Test func whatNeverWorksForAWhileIsRefused() {
    var sending = Sending()
    #expect(note(&sending, nil, after: 0) == nil)
    #expect(note(&sending, "full", after: 0) == .failed)
    #expect(note(&sending, "full", after: 2999) == nil)
    #expect(sending.refusal(of: way) == nil)
    #expect(note(&sending, "still full", after: 3000) == .refused)
    #expect(sending.refusal(of: way) == "still full")
    #expect(note(&sending, "full", after: 9000) == nil)
    #expect(note(&sending, nil, after: 9001) == .works(wasRefused: true))
    #expect(sending.isQuiet && sending.refusal(of: way) == nil)
  }

  @Test func oneFrameThatLeavesIsEnough() {
    var sending = Sending()
    for second in 0..<10 {
      #expect(note(&sending, "full", after: second * 1000) == .failed)
      #expect(note(&sending, "full", after: second * 1000 + 900) == nil)
      #expect(note(&sending, nil, after: second * 1000 + 950) == .works(wasRefused: false))
    }
  }

  @Test func whatFailsIsTriedAgainAtAPace() {
    var sending = Sending()
    #expect(sending.nextDue == .distantFuture)
    var tries: [Int] = []
    _ = note(&sending, "full", after: 0)
    while tries.count < 9 {
      let now = sending.nextDue
      #expect(sending.due(at: now - .nanoseconds(1)).isEmpty)
      #expect(sending.due(at: now).map(\.address) == [address])
      tries.append(Int((now - start).milliseconds))
      _ = note(&sending, "full", after: tries.last!)
    }
    #expect(tries == [500, 1000, 1500, 2000, 2500, 3000, 8000, 13_000, 18_000])
  }

  @Test func linksAreMarkedByFamily() {
    var sending = Sending()
    _ = note(&sending, "full", after: 0)
    #expect(sending.mark([lan0]) == [lan0])
    _ = note(&sending, "full", after: 3000)
    var marked = lan0
    marked.refusedARP = "full"
    #expect(sending.mark([lan0, ethernet(3, "lan1")]) == [marked, ethernet(3, "lan1")])

    let verdict = InterfaceSelection(patterns: [try! InterfacePattern("^lan0$")], links: [marked])
      .verdicts[0]
    #expect(verdict.state == .active && verdict.ndp)
    #expect(verdict.arpReason == .sendRefused(name: "lan0", error: "full"))
    marked.refusedNDP = "full"
    let both = InterfaceSelection(patterns: [try! InterfacePattern("^lan0$")], links: [marked])
      .verdicts[0]
    #expect(both.state == .down && both.reason == .sendRefused(name: "lan0", error: "full"))
  }

  @Test func aLinkThatIsDownIsAnotherMatter() {
    var sending = Sending()
    _ = note(&sending, "down", after: 0)
    sending.keep([lan0])
    #expect(!sending.isQuiet)
    var down = lan0
    down.flags.remove(.lowerUp)
    sending.keep([down])
    #expect(sending.isQuiet)
  }
}
