import Announcer
import Cluster
import Configuration
import Control
import Lease
import LinuxSystem
import Reconciler
import Testing
import Time
import Wire

@testable import Daemon

/// What people are told is a function of what the coordinator knows.
struct SnapshotTests {
  private let address = IPAddress("10.80.8.150")!
  private let now = Instant.now
  private let link = Link(
    id: LinkID(index: 99, generation: 0), name: "lan0",
    flags: [.up, .lowerUp, .broadcast, .multicast], operationalState: .up,
    hardwareAddress: MACAddress(rawValue: 0x0200_0000_0001))

  private func snapshot(
    _ view: LeaseView, isArmed: Bool = false, knowsLinks: Bool = true, isSettled: Bool = true,
    isDrained: Bool = false, failures: [String] = [], takenName: TakenName? = nil,
    faults: [String] = [], refused: String? = nil
  ) throws -> Snapshot {
    let configuration = try Configuration.parse(
      "node: a\nannouncements: [{addresses: [10.80.8.150, 10.80.8.151]}]\n", file: "a.yaml",
      hostName: "host-1")
    let assignments = Assignments(configuration.requests)
    var reconciler = Reconciler(schedule: configuration.announcementSchedule)
    reconciler.update(view)
    if knowsLinks {
      reconciler.update([link])
      reconciler.update(
        Serviceability(assignments, node: "a", isDrained: isDrained, links: [link]),
        asksFirst: false, at: now)
    }
    var loaded = LoadedConfiguration(configuration, loadedAt: .now)
    if let refused {
      let failure = ConfigurationFailure(diagnostics: [
        ConfigurationDiagnostic(file: "a.yaml", place: nil, path: "", message: refused)
      ])
      _ = loaded.take(.failure(failure), at: .now)
    }
    var history = AddressHistory()
    if isArmed { history.noteArmed([address], lost: [], at: now) }
    var selfChecking = SelfChecking()
    selfChecking.failures = failures
    return Snapshot(
      at: now, wallTime: .now, version: "test", startedAt: .now, loaded: loaded,
      isDrained: isDrained, isSettled: isSettled, links: [link], reconciler: reconciler,
      assignments: assignments, clusterOutcome: ClusterOutcome(faults: faults), history: history,
      selfChecking: selfChecking, takenName: takenName, warnings: WarningBoard())
  }

  private func open(_ change: (inout LeaseView) -> Void = { _ in }) -> LeaseView {
    var view = LeaseView.initial
    view.session = .open(SessionID("7f3a"))
    view.health = .healthy
    view.deadline = now + .seconds(5)
    change(&view)
    return view
  }

  private func state(_ snapshot: Snapshot) -> String {
    let (state, reason) = snapshot.state(of: address)
    return state.rawValue + (reason.map { ": \($0)" } ?? "")
  }

  // MARK: One address

  @Test func anAddressIsAnnouncedUpToTheDeadline() throws {
    let held = { (view: inout LeaseView) in
      view.held[address] = HeldClaim(epoch: Epoch(1), since: now)
    }
    #expect(state(try snapshot(open(held), isArmed: true)) == "announcing")
    let late = open {
      held(&$0)
      $0.deadline = now
    }
    #expect(
      state(try snapshot(late, isArmed: true))
        == "blocked: the lease could not be renewed in time: no answer")
  }

  @Test func anAddressThatIsNotAnnouncedHasItsReason() throws {
    #expect(
      state(try snapshot(open(), knowsLinks: false))
        == "blocked: the interfaces of this node are not known yet")
    let elsewhere = open {
      $0.holders[address] = Holder(node: "b", session: SessionID("81bc"), epoch: Epoch(2))
    }
    #expect(state(try snapshot(elsewhere)) == "standby")
    #expect(
      state(try snapshot(open { $0.yielding = [address] })) == "waiting: it is being handed over")
    #expect(
      state(try snapshot(open { $0.health = .lost }))
        == "waiting: a session with the lease store is being opened")
    let other = SessionDescription(id: SessionID("81bc"), node: "a", details: "host kube-4")
    let taken = TakenName(other, since: now, lease: .seconds(10))
    #expect(
      state(try snapshot(open { $0.health = .lost }, takenName: taken))
        == "blocked: the name 'a' belongs to \(other); waiting for it to end")
  }

  // MARK: The node

  @Test func aNodeIsReadyWithASessionAndNothingThatFailed() throws {
    #expect(try snapshot(open()).obstacles(unknowns: []) == [])
    #expect(
      try snapshot(.initial, isSettled: false).obstacles(unknowns: ["kubernetes is silent"]) == [
        "the interfaces of this node are not known yet", "no session in the lease store",
        "kubernetes is silent",
      ])
    #expect(
      try snapshot(open(), failures: ["1", "2", "3", "4", "5"]).obstacles(unknowns: []) == [
        "1", "2", "3", "2 more self-checks failed",
      ])
  }

  @Test func theLineForTheServiceManagerNamesWhatIsOutOfTheOrdinary() throws {
    let plain = try snapshot(open()).statusLine
    #expect(plain.text == "announcing 0 of 2 addresses" && plain.dueAt == .distantFuture)
    #expect(
      try snapshot(open(), isDrained: true, refused: "is missing").statusLine.text
        == "announcing 0 of 2 addresses, drained, the new configuration was refused")
  }

  @Test func theSelfCheckHasFailedWhateverItsWitnessesSay() throws {
    #expect(try snapshot(open()).selfCheckStatus.state == .pending)
    var failed = try snapshot(open(), failures: ["10.80.8.150 is held, but was not armed"])
    #expect(failed.selfCheckStatus.state == .pending)
    var checking = failed.selfChecking
    checking.lastAt = .now
    failed = Snapshot(
      at: now, wallTime: .now, version: "test", startedAt: .now, loaded: failed.loaded,
      isDrained: false, isSettled: true, links: [link], reconciler: failed.reconciler,
      assignments: failed.assignments, clusterOutcome: failed.clusterOutcome,
      history: failed.history, selfChecking: checking, takenName: nil, warnings: WarningBoard())
    #expect(failed.selfCheckStatus.state == .failed)
  }

  // MARK: Explanations

  @Test func anAddressThatNobodyAsksForIsExplainedByItsHolderAndByWhatCannotBeRead() throws {
    let stranger = IPAddress("10.80.9.1")!
    let view = open {
      $0.holders[stranger] = Holder(node: "b", session: SessionID("81bc"), epoch: Epoch(2))
    }
    let faults = (1...7).map { "policy \($0) cannot be read" }
    let explanation = try snapshot(view, faults: faults)
      .explanation(of: stranger, counts: nil, services: [], [])
    #expect(explanation.address == nil && explanation.isMentioned)
    #expect(
      explanation.notes == ["In the lease store it is held by b"] + faults.prefix(5)
        + ["and 2 more, which `announcer status` lists"])
  }
}
