import Control
import Lease
import LinuxSystem
import Synchronization
import Testing
import Time
import Wire

@testable import Daemon

/// What operators hear of the hand-overs that they asked for.
struct HandOverDeskTests {
  private let address = IPAddress("10.80.8.150")!
  private let start = Instant.now

  /// Holds what was answered.
  private final class Answers: Sendable {
    private let responses = Mutex<[Response]>([])
    var all: [Response] { responses.withLock { $0 } }
    func add(_ response: Response) { responses.withLock { $0.append(response) } }
  }

  private func view(isHeld: Bool = true, nodes: [String] = ["b", "c"]) -> LeaseView {
    var view = LeaseView.initial
    view.nodes = nodes
    if isHeld { view.held[address] = HeldClaim(epoch: Epoch(7), since: start) }
    return view
  }

  private func taken(by node: String) -> LeaseView {
    var view = view(isHeld: false)
    view.holders[address] = Holder(node: node, session: SessionID("7f3a"), epoch: Epoch(8))
    return view
  }

  private func desk(to node: String? = nil, _ answers: Answers) -> HandOverDesk {
    var desk = HandOverDesk(version: "test")
    desk.begin(address, to: node, at: start) { answers.add($0) }
    return desk
  }

  // MARK: Refusals

  private func refusal(to node: String? = nil, isWanted: Bool = true, _ view: LeaseView) -> String?
  {
    HandOverDesk.refusal(of: address, to: node, isWanted: isWanted, node: "a", view)
  }

  @Test func whatIsHeldCanBeHandedToAnyOtherNode() {
    #expect(refusal(view()) == nil)
    #expect(refusal(to: "c", view()) == nil)
  }

  @Test func eachRefusalNamesItsReason() {
    #expect(
      refusal(isWanted: false, view())
        == "10.80.8.150 is not to be announced at all (see `announcements`)")
    #expect(refusal(view(isHeld: false)) == "this node (a) does not hold 10.80.8.150")
    #expect(refusal(taken(by: "b")) == "this node (a) does not hold 10.80.8.150: node b holds it")
    #expect(refusal(to: "a", view()) == "10.80.8.150 is on a already")
    #expect(refusal(view(nodes: [])) == "no other node is there to take 10.80.8.150")
    #expect(refusal(to: "d", view()) == "there is no node 'd'; there are: b, c")
    var handing = view()
    handing.handingOver = [address]
    #expect(refusal(handing) == "10.80.8.150 is being handed over already")
    var alone = view()
    alone.heldWithoutLease = [address]
    #expect(
      refusal(alone) == "the lease store is away, through which 10.80.8.150 would be handed over")
  }

  // MARK: Ends

  @Test func theTimeCountsFromTheMomentOfSilence() {
    let answers = Answers()
    var desk = desk(answers)
    desk.settle(view(), node: "a", at: start + .milliseconds(1))
    desk.noteSilent([address], at: start + .milliseconds(10))
    desk.settle(view(isHeld: false), node: "a", at: start + .milliseconds(12))
    #expect(answers.all == [])
    desk.settle(taken(by: "b"), node: "a", at: start + .milliseconds(15))
    let handover = Handover(address: "10.80.8.150", from: "a", to: "b", tookMs: 5)
    #expect(answers.all == [Response(version: "test", handover: handover)])
    #expect(desk.nextDue == .distantFuture)
  }

  @Test func anotherNodeThanTheOneThatWasAskedForIsAnError() {
    let answers = Answers()
    var desk = desk(to: "c", answers)
    desk.noteSilent([address], at: start)
    desk.settle(taken(by: "b"), node: "a", at: start)
    #expect(answers.all.map(\.error) == ["10.80.8.150 went to b, not to c"])
  }

  @Test func whatNobodyTookIsAnnouncedHereAgain() {
    let answers = Answers()
    var desk = desk(answers)
    desk.noteSilent([address], at: start)
    var yielding = view()
    yielding.yielding = [address]
    desk.settle(yielding, node: "a", at: start)
    #expect(answers.all == [])
    desk.settle(view(), node: "a", at: start)
    #expect(
      answers.all.map(\.error) == ["no other node took 10.80.8.150, and a announces it again"])
  }

  @Test func nobodyWaitsLongerThanThePatience() {
    let answers = Answers()
    var desk = desk(answers)
    #expect(desk.nextDue == start + HandOverDesk.patience)
    desk.settle(view(), node: "a", at: desk.nextDue - .milliseconds(1))
    #expect(answers.all == [])
    var failing = view()
    failing.error = StoreFailure(.unreachable, "no route")
    desk.settle(failing, node: "a", at: desk.nextDue)
    let error = answers.all.first?.error
    #expect(error?.hasPrefix("10.80.8.150 was not handed over in time: ") == true, "\(answers.all)")
    #expect(desk.nextDue == .distantFuture)
  }

  @Test func theEndOfTheDaemonAnswersEverybodyOnce() {
    let answers = Answers()
    var desk = desk(answers)
    desk.abandon()
    desk.abandon()
    #expect(answers.all.map(\.error) == ["this announcer is shutting down"])
  }
}
