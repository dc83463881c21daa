import Announcer
import Configuration
import Control
import LANTestKit
import Lease
import LeaseTestKit
import LinuxSystem
import Logging
import RawSocket
import Testing
import Time
import Wire

@testable import Daemon

/// The coordinator's loop alone, without the services that wake it now and then.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(1)))
struct CoordinatorTests {
  private let address = IPAddress("10.80.8.150")!
  private let link = Link(
    id: LinkID(index: 99, generation: 0), name: "lan0",
    flags: [.up, .lowerUp, .broadcast, .multicast], operationalState: .up,
    hardwareAddress: MACAddress(rawValue: 0x0200_0000_0001))

  /// From `drain`, with `undrain` right behind it, to the claim of an address that the LAN has to be asked for first.
  private func timeToClaimAfterUndrain(_ lan: LAN) async throws -> Duration {
    let configuration = try Configuration.parse(
      "node: a\nannouncements: [{addresses: [\(address)]}]\nselfCheck: {interval: 0s}\n",
      file: "a.yaml", hostName: "host-1")
    let (responder, scout) = try await lan["node"].inNamespace { (try Responder(), try Scout()) }
    let store = MemoryStore(now: { .now })
    let driver = LeaseDriver(
      store: MemoryStoreClient(store), node: "a", timing: nil, now: { .now })
    let mailbox = Mailbox()
    let parts = DaemonParts(
      configuration: configuration, version: "test", mailbox: mailbox, responder: responder,
      scout: scout, lease: driver, claimNotes: ClaimNotes(), leasePlace: { "memory" },
      notifier: ServiceNotifier(environment: [:]),
      log: EventLog(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
      output: try LogOutput(destination: .stream), audit: { _ in },
      cluster: ClusterModel(configuration), manifestPaths: { _ in }, listen: { _ in },
      askFromOutside: { _ in }, kubernetes: nil, pools: PoolModel(configuration),
      duty: DutyGate {}, tellServices: { _ in })
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await driver.run() }
      group.addTask {
        var coordinator = Coordinator(parts)
        await coordinator.run()
      }
      let start = Instant.now
      _ = await mailbox.ask(Request(version: "test", command: .drain))
      mailbox.post {
        $0.links = [link]
        $0.gateways = []
      }
      // Whatever still signals that there was something to take would wake the loop once more.
      for _ in 0..<3 { _ = await mailbox.ask(Request(version: "test", command: .status)) }
      _ = await mailbox.ask(Request(version: "test", command: .undrain))
      await eventually { store.holder(of: address) != nil }
      let took = Instant.now - start
      mailbox.post { $0.commands.append(.shutDown) }
      await group.waitForAll()
      return took
    }
  }

  /// The LAN is asked twice, and the verdict comes after 200 ms. Nothing else wakes the loop before the memory that the
  /// command used is given back, a second after it. A machine that is busy may take as long: then it is tried again.
  @Test func theLoopWakesForWhatACommandHasBegun() async throws {
    try await LAN.with(hosts: ["node"]) { lan in
      var times: [Duration] = []
      repeat {
        times.append(try await timeToClaimAfterUndrain(lan))
      } while times.last! >= Coordinator.trimDelay && times.count < 5
      #expect(times.last! < Coordinator.trimDelay, "\(times)")
    }
  }
}
