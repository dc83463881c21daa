import Announcer
import Configuration
import Control
import Glibc
import LANTestKit
import Lease
import LeaseTestKit
import LinuxSystem
import Logging
import RawSocket
import Synchronization
import Testing
import Time
import Wire

@testable import Daemon

/// The coordinator's loop alone, without the services that wake it now and then.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(1)))
struct CoordinatorTests {
  private let address = IPAddress("10.80.8.150")!
  private let other = IPAddress("10.80.8.151")!
  private let link = Link(
    id: LinkID(index: 99, generation: 0), name: "lan0",
    flags: [.up, .lowerUp, .broadcast, .multicast], operationalState: .up,
    hardwareAddress: MACAddress(rawValue: 0x0200_0000_0001))

  /// What a coordinator is made of, on one host of a LAN.
  ///
  /// - Parameter audit: what is done where the daemon would have its host audited, in the coordinator's own loop.
  private func parts(
    on lan: LAN, _ configuration: Configuration, _ store: MemoryStore, timing: LeaseTiming?,
    audit: @escaping @Sendable (AuditRequest) -> Void = { _ in }
  ) async throws -> DaemonParts {
    let (responder, scout) = try await lan["node"].inNamespace { (try Responder(), try Scout()) }
    let driver = LeaseDriver(
      store: MemoryStoreClient(store), node: "a", timing: timing,
      gate: ResponderGate(responder: responder), now: { .now },
      sleep: { try await BootTimer.sleep(for: $0) })
    return DaemonParts(
      configuration: configuration, version: "test", mailbox: Mailbox(), responder: responder,
      scout: scout,
      lease: LeaseParts(driver: driver, place: { "memory" }, notes: ClaimNotes()),
      notifier: ServiceNotifier(environment: [:]),
      log: EventLog(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
      output: try LogOutput(destination: .stream), audit: audit,
      cluster: ClusterModel(configuration), manifestPaths: { _ in }, listen: { _ in },
      askFromOutside: { _ in }, kubernetes: nil, pools: PoolModel(configuration),
      duty: DutyGate {}, tellServices: { _ in }, noteWork: {})
  }

  /// From `drain`, with `undrain` right behind it, to the claim of an address that the LAN has to be asked for first.
  private func timeToClaimAfterUndrain(_ lan: LAN) async throws -> Duration {
    let configuration = try Configuration.parse(
      "node: a\nannouncements: [{addresses: [\(address)]}]\nselfCheck: {interval: 0s}\n",
      file: "a.yaml", hostName: "host-1")
    let store = MemoryStore(now: { .now })
    let parts = try await parts(on: lan, configuration, store, timing: nil)
    let (mailbox, driver) = (parts.mailbox, parts.lease.driver)
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await driver.run() }
      group.addTask {
        var coordinator = Coordinator(parts)
        await coordinator.run()
      }
      let start = Instant.now
      _ = await mailbox.ask(.drain(true))
      mailbox.post {
        $0.links = [link]
        $0.gateways = []
      }
      // Whatever still signals that there was something to take would wake the loop once more.
      for _ in 0..<3 { _ = await mailbox.ask(.status) }
      _ = await mailbox.ask(.drain(false))
      await eventually { store.holder(of: address) != nil }
      let took = Instant.now - start
      mailbox.post { $0.commands.append(.shutDown) }
      await group.waitForAll()
      return took
    }
  }

  /// The LAN is asked twice, and the verdict comes after 200 ms. Nothing else wakes the loop. A machine that is busy may
  /// take longer: then it is tried again.
  @Test func theLoopWakesForWhatACommandHasBegun() async throws {
    try await LAN.with(hosts: ["node"]) { lan in
      var times: [Duration] = []
      repeat {
        times.append(try await timeToClaimAfterUndrain(lan))
      } while times.last! >= .seconds(1) && times.count < 5
      #expect(times.last! < .seconds(1), "\(times)")
    }
  }

  // MARK: A loop that computes

  /// Announces two addresses under a lease of a second, without asking first.
  private func withAnnouncer(
    _ body: (LAN, DaemonParts, MemoryStore, Computation, _ change: @Sendable () -> Void)
      async throws -> Void
  ) async throws {
    try await LAN.with(hosts: ["node", "client"]) { lan in
      try await lan["client"].addAddress("10.80.0.1/16")
      let index = Int32(try await #require(lan["node"].linkState()).index)
      let link = Link(
        id: LinkID(index: index, generation: 0), name: "lan0",
        flags: [.up, .lowerUp, .broadcast, .multicast], operationalState: .up,
        hardwareAddress: try await lan["node"].hardwareAddress())
      let configuration = try Configuration.parse(
        "node: a\naskFirst: false\nannouncements: [{addresses: [\(address), \(other)]}]\n"
          + "selfCheck: {interval: 0s}\n",
        file: "a.yaml", hostName: "host-1")
      let store = MemoryStore(now: { .now })
      let computation = Computation()
      let parts = try await parts(
        on: lan, configuration, store, timing: try LeaseTiming(timeToLive: .seconds(1)),
        audit: { _ in computation.run() })
      let (mailbox, responder) = (parts.mailbox, parts.responder)
      let revision = Counter()
      /// A link that has changed is computed for.
      let change = { @Sendable in
        var link = link
        link.revision = revision.next()
        mailbox.post { [link] in
          $0.links = [link]
          $0.gateways = []
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await withThread(named: "answer") { responder.answer() } }
        group.addTask { await LeaseService(driver: parts.lease.driver).drive() }
        group.addTask {
          for await view in parts.lease.driver.views { mailbox.post { $0.add(view) } }
        }
        group.addTask {
          var coordinator = Coordinator(parts)
          await coordinator.run()
        }
        change()
        for address in [address, other] {
          let claim = Claim(address: address, interfaceIndex: index)
          await eventually { responder.announce(claim) == .success(2) }
        }
        try await body(lan, parts, store, computation, change)
        mailbox.post { $0.commands.append(.shutDown) }
        await eventually { store.sessions.isEmpty }
        responder.stop()
        try await group.waitForAll()
      }
    }
  }

  /// The loop computes for six times the lease's duration, and so does all that the pool has threads for.
  @Test func answersAndRenewalsDoNotWaitForAComputation() async throws {
    try await withAnnouncer { lan, _, store, computation, change in
      let session = store.holder(of: address)?.session
      async let asked = lan["client"].run(
        "arping", "-c", "30", "-W", "0.2", "-i", "lan0", "\(address)")
      computation.begin(for: .seconds(6))
      change()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<(2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))) {
          group.addTask { computation.run() }
        }
      }
      let result = try await asked
      #expect(
        result.standardOutput.contains("30 packets transmitted, 30 packets received"),
        "\(result.standardOutput)")
      #expect(computation.count >= 2)
      #expect(session != nil && store.holder(of: address)?.session == session)
    }
  }

  /// What is lost while the loop computes falls silent at once, and the rest does not.
  @Test func whatIsLostDuringAComputationIsSilent() async throws {
    try await withAnnouncer { lan, parts, store, computation, change in
      let index = Int32(try await #require(lan["node"].linkState()).index)
      computation.begin(for: .seconds(4))
      change()
      await eventually { computation.count == 1 }
      store.overwriteClaim(other, node: "b")
      await eventually {
        parts.responder.announce(Claim(address: other, interfaceIndex: index))
          == .failure(.silent(.targetNotClaimed))
      }
      #expect(
        parts.responder.announce(Claim(address: address, interfaceIndex: index)) == .success(2))
      #expect(computation.isRunning, "too late to tell")
    }
  }
}

/// Something that keeps a thread busy.
private final class Computation: Sendable {
  private let end = Mutex(Instant.distantPast)
  private let runs = Counter()

  /// How often something has run for it.
  var count: Int { Int(runs.value) }

  var isRunning: Bool { .now < end.withLock { $0 } }

  func begin(for duration: Duration) { end.withLock { $0 = .now + duration } }

  /// Returns when it is over; at once before it has begun.
  func run() {
    guard isRunning else { return }
    _ = runs.next()
    while isRunning {}
  }
}

private final class Counter: Sendable {
  private let number = Mutex<UInt32>(0)

  var value: UInt32 { number.withLock { $0 } }

  func next() -> UInt32 {
    number.withLock { number in
      number += 1
      return number
    }
  }
}
