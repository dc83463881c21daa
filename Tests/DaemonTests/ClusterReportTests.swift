import Announcer
import Control
import Lease
import Testing
import Time
import Wire

@testable import Daemon

/// What a survey means to people, beside what the node knows itself.
struct ClusterReportTests {
  private let x = IPAddress("10.80.8.150")!
  private let y = IPAddress("10.80.8.151")!
  private let z = IPAddress("10.80.8.152")!
  private let own = SessionID("aa")
  private let other = SessionID("bb")

  private func knowledge(
    held: [IPAddress: Epoch] = [:], wants addresses: [IPAddress] = []
  ) -> NodeKnowledge {
    var view = Election(node: "node-a", timing: nil).view
    view.session = .open(own)
    view.held = held.mapValues { HeldClaim(epoch: $0, since: .distantPast) }
    let wishes = addresses.map { AnnouncementRequest(origin: "test", ranges: [IPRange($0)]) }
    return NodeKnowledge(
      version: "0.2.0", node: "node-a", backend: "etcd", place: "http://e:2379", view: view,
      assignments: Assignments(wishes))
  }

  private func session(
    _ id: SessionID, _ node: String, left: Duration? = .seconds(4), isRecorded: Bool = true,
    version: String? = "0.2.0"
  ) -> SurveyedSession {
    SurveyedSession(
      id: id, node: node, isRecorded: isRecorded, timeToLive: left.map { _ in .seconds(5) },
      endsWithin: left,
      facts: SessionFacts(
        host: "h", processID: 7, since: "2026-11-21T12:00:00Z", version: version))
  }

  private func claim(_ node: String, _ session: SessionID, _ epoch: UInt64) -> SurveyedClaim {
    SurveyedClaim(holder: Holder(node: node, session: session, epoch: Epoch(epoch)))
  }

  private func report(
    _ survey: StoreSurvey, believed: [IPAddress: Epoch] = [:], wants: [IPAddress] = []
  ) -> ClusterStatus {
    ClusterReport(knowledge: knowledge(held: believed, wants: wants), believed: believed)
      .status(survey, took: .milliseconds(3))
  }

  /// A node with another lease, perhaps: what nobody has claimed is not free while somebody answers.
  @Test func whatAStationAnswersForIsNotFree() {
    var knowledge = knowledge(wants: [x, y])
    knowledge.stations = [
      x: KnownAddresses.Station(hardwareAddress: MACAddress("02:00:5e:10:00:09")!, link: "lan0")
    ]
    let status = ClusterReport(knowledge: knowledge, believed: [:])
      .status(StoreSurvey(sessions: [], claims: [:], preferences: [:]), took: .milliseconds(3))
    #expect(status.addresses.map(\.state) == [.taken, .free])
    #expect(
      status.addresses[0].reason?.contains("the station 02:00:5e:10:00:09 on lan0 answers for it")
        == true)
    // A claim counts, whoever answers.
    knowledge.stations[x]?.link = "lan1"
    let claimed = ClusterReport(knowledge: knowledge, believed: [:]).status(
      StoreSurvey(
        sessions: [session(other, "node-b")], claims: [x: claim("node-b", other, 7)],
        preferences: [:]), took: .milliseconds(3))
    #expect(claimed.addresses[0].state == .held)
  }

  @Test func whoHasWhatAndWhoIsThere() {
    var noted = claim("node-b", other, 8)
    noted.since = "2026-11-21T12:00:00.250000Z"
    noted.note = ClaimNote(interfaces: ["lan0"], hardwareAddress: "")
    let status = report(
      StoreSurvey(
        sessions: [session(other, "node-b"), session(own, "node-a")],
        claims: [y: noted, x: claim("node-a", own, 7)], preferences: [x: "node-b"]),
      believed: [x: Epoch(7)], wants: [x, y, z])
    #expect(status.store.reachable && status.store.ageMs == 0 && status.store.answeredInMs == 3)
    #expect(status.nodes.map(\.name) == ["node-a", "node-b"])
    #expect(status.nodes.map(\.isSelf) == [true, false] && status.nodes.map(\.claims) == [1, 1])
    #expect(status.nodes[0].sinceRenewalMs == 1000 && status.nodes[0].endsInMs == 4000)
    #expect(status.nodes.allSatisfy { $0.state == .live && $0.reason == nil })
    #expect(status.addresses.map(\.address) == [x, y, z].map(\.description))
    #expect(status.addresses.map(\.state) == [.held, .held, .free])
    #expect(status.addresses.map(\.holder) == ["node-a", "node-b", nil])
    #expect(status.addresses[0].preferred == "node-b" && status.addresses[0].epoch == 7)
    #expect(status.addresses[1].since?.description == "2026-11-21T12:00:00.250Z")
    #expect(status.addresses[1].interfaces == ["lan0"])
    #expect(status.addresses[1].hardwareAddress == nil)
    #expect(status.warnings.isEmpty && status.addresses.allSatisfy { $0.reason == nil })
  }

  @Test func aDeadSessionsClaimSaysWhenItIsFree() throws {
    let survey = StoreSurvey(
      sessions: [
        session(own, "node-a"),
        session(other, "node-b", left: .milliseconds(3100), isRecorded: false),
        session(SessionID("cc"), "node-c", left: .milliseconds(1600)),
      ],
      claims: [x: claim("node-b", other, 7), y: claim("node-c", SessionID("cc"), 8)])
    let status = report(survey)
    #expect(status.nodes.map(\.state) == [.live, .dead, .overdue])
    #expect(status.addresses.map(\.state) == [.expiring, .expiring])
    #expect(status.addresses[0].reason == "held by node-b's dead session, free within 3.1 s")
    #expect(status.addresses[0].freeInMs == 3100)
    #expect(status.addresses[1].reason == "held by node-c's overdue session, free within 1.6 s")
    #expect(try #require(status.nodes[2].reason).contains("free within 1.6 s unless it comes back"))

    // Without TTL its end is its process's.
    let local = report(
      StoreSurvey(
        sessions: [session(other, "node-b", left: nil, isRecorded: false)],
        claims: [x: claim("node-b", other, 7)]))
    #expect(
      local.addresses[0].reason == "held by node-b's dead session, free when its process ends")
    #expect(local.addresses[0].freeInMs == nil && local.nodes[0].endsInMs == nil)
  }

  @Test func whatIsForeignKeepsItsReason() {
    var foreign = claim("(unreadable)", SessionID("0"), 9)
    foreign.defect = "the key holds something else"
    var edited = claim("node-b", other, 9)
    edited.defect = "changed by hand"
    edited.endsWithin = .seconds(2)
    let status = report(
      StoreSurvey(
        claims: [x: foreign, y: edited], troubles: ["the key /announcer/x is no announcer's"]))
    #expect(status.addresses.map(\.state) == [.foreign, .expiring])
    #expect(status.addresses.map(\.reason) == ["the key holds something else", "changed by hand"])
    #expect(status.addresses.map(\.freeInMs) == [nil, 2000])
    #expect(status.warnings == ["the key /announcer/x is no announcer's"])
  }

  @Test func aNodeThatBelievesWhatTheStoreDoesNotSayIsToldOf() throws {
    let survey = StoreSurvey(
      sessions: [session(own, "node-a"), session(other, "node-b")],
      claims: [x: claim("node-b", other, 9), y: claim("node-a", own, 8)])
    let status = report(survey, believed: [x: Epoch(7), y: Epoch(8), z: Epoch(3)])
    #expect(
      status.addresses[0].reason
        == "node-a believes that it holds it itself, and the store says that node-b does")
    #expect(status.addresses[1].reason == nil)
    #expect(
      status.addresses[2].reason
        == "node-a believes that it holds it, and the store knows no such claim")
    let warning = try #require(status.warnings.first)
    #expect(warning.contains("10.80.8.150, 10.80.8.152") && !warning.contains("10.80.8.151"))
    // An older claim of its own is not the one it believes in.
    #expect(report(survey, believed: [y: Epoch(7)]).addresses[1].reason != nil)
  }

  @Test func onlyWhatIsHeldAllAlongIsBelieved() {
    let before = knowledge(held: [x: Epoch(1), y: Epoch(2)])
    #expect(
      knowledge(held: [x: Epoch(1), y: Epoch(3), z: Epoch(4)]).heldThroughout(since: before)
        == [x: Epoch(1)])
    var view = before.view
    view.heldWithoutLease = [x]
    let holding = NodeKnowledge(
      version: "1", node: "node-a", backend: "etcd", place: "", view: view,
      assignments: Assignments([]))
    #expect(before.heldThroughout(since: holding) == [y: Epoch(2)])
    #expect(holding.heldThroughout(since: before) == [y: Epoch(2)])
  }

  /// It runs beside the election, on threads that the election needs too: time that grows with the
  /// square of the claims would stop it.
  @Test(.timeLimit(.minutes(10)))
  func thousandsOfClaimsTakeNoTimeToSpeakOf() {
    let all = (0..<4000).map { IPAddress.v4(IPv4Address(rawValue: 0x0a5a_0000 + UInt32($0))) }
    let held = Dictionary(uniqueKeysWithValues: all.map { ($0, Epoch(1)) })
    let survey = StoreSurvey(
      sessions: [session(own, "node-a")],
      claims: Dictionary(uniqueKeysWithValues: all.map { ($0, claim("node-a", own, 1)) }))
    let knowledge = knowledge(held: held, wants: [all[0]])
    let time = ContinuousClock().measure {
      let believed = knowledge.heldThroughout(since: knowledge)
      let status = ClusterReport(knowledge: knowledge, believed: believed)
        .status(survey, took: .zero)
      #expect(status.addresses.count == 4000 && status.warnings.isEmpty)
    }
    #expect(time < .seconds(5))
  }

  @Test func twoVersionsAreAWarning() {
    let survey = StoreSurvey(sessions: [
      session(own, "node-a"), session(other, "node-b", version: "0.1.0"),
      session(SessionID("cc"), "node-c", version: nil),
      session(SessionID("dd"), "node-d", isRecorded: false, version: nil),
    ])
    #expect(
      report(survey).warnings == [
        "the nodes run different versions: 0.1.0 on node-b; 0.2.0 on node-a; an older version on node-c"
      ])
  }

  @Test func aStoreThatIsAwayLeavesWhatWasLastKnown() {
    var known = knowledge(held: [x: Epoch(7)], wants: [z])
    var view = known.view
    view.holders = [y: Holder(node: "node-b", session: other, epoch: Epoch(6))]
    view.nodes = ["node-b", "node-c"]
    view.heardAt = Instant(nanoseconds: 1_000_000_000)
    known = NodeKnowledge(
      version: known.version, node: known.node, backend: known.backend, place: known.place,
      view: view, assignments: known.assignments)
    let status = ClusterReport(knowledge: known, believed: [:]).lastKnown(
      StoreFailure(.unreachable, "nobody answers"), at: Instant(nanoseconds: 13_000_000_000))
    #expect(!status.store.reachable && status.store.ageMs == 12_000)
    #expect(status.store.error == "nobody answers")
    #expect(status.nodes.map(\.name) == ["node-a", "node-b", "node-c"])
    #expect(status.nodes.map(\.session) == ["aa", "bb", nil])
    #expect(status.nodes.map(\.claims) == [1, 1, 0])
    #expect(status.nodes.allSatisfy { $0.state == .unknown })
    #expect(status.addresses.map(\.holder) == ["node-a", "node-b", nil])
    // The store may say by now that somebody has it.
    #expect(status.addresses.map(\.state) == [.held, .held, .unknown])

    view.heardAt = .distantPast
    let never = ClusterReport(
      knowledge: NodeKnowledge(
        version: "1", node: "node-a", backend: "etcd", place: "", view: view,
        assignments: Assignments([])), believed: [:])
    #expect(never.lastKnown(StoreFailure(.timedOut, ""), at: .distantFuture).store.ageMs == nil)
  }
}
