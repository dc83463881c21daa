import Announcer
import Cluster
import Configuration
import Control
import Lease
import LeaseTestKit
import LinuxSystem
import Synchronization
import Testing
import Time
import Wire

@testable import Daemon

/// Which part of the daemon hears of a command, and in which form.
@Suite(.timeLimit(.minutes(1)))
struct CommandRouterTests {
  private final class Heard: Sendable {
    private let questions = Mutex<[Mailbox.Question]>([])
    var all: [Mailbox.Question] { questions.withLock { $0 } }
    func add(_ question: Mailbox.Question) { questions.withLock { $0.append(question) } }
  }

  /// What a router answers, and what it has asked a coordinator that has nothing to say but its name.
  private func answer(
    _ command: Request.Command, _ address: String? = nil, to: String? = nil, isEnding: Bool = false
  ) async throws -> (Response, [Mailbox.Question]) {
    let configuration = try Configuration.parse(
      "node: a\nannouncements: [{addresses: [10.80.8.150]}]\n", file: "a.yaml", hostName: "host-1")
    let mailbox = Mailbox()
    let look = FileLook { _ in FileLook.Finding(outcome: .success(configuration), stamp: nil) }
    let driver = LeaseDriver(
      store: MemoryStoreClient(MemoryStore(now: { .now })), node: "a", timing: nil, now: { .now })
    let router = CommandRouter(
      mailbox: mailbox,
      surveyor: ClusterSurveyor(mailbox: mailbox, lease: driver, version: "test"),
      pools: PoolsReporter(
        mailbox: mailbox, model: PoolModel(configuration), gate: DutyGate {}, version: "test"),
      file: ConfigurationReporter(mailbox: mailbox, look: look, version: "test"),
      reloader: Reloader(
        file: "a.yaml", look: look, notifier: ServiceNotifier(environment: [:]), mailbox: mailbox,
        version: "test"),
      version: "test")
    if isEnding { mailbox.close() }
    let heard = Heard()
    let knowledge = NodeKnowledge(
      version: "test", node: "a", backend: "local", place: "memory", view: .initial,
      assignments: Assignments(configuration.requests),
      loaded: LoadedConfiguration(configuration, loadedAt: .now))
    let coordinator = Task {
      for await _ in mailbox.signals {
        for command in mailbox.take().commands {
          switch command {
          case .ask(let question, let answer):
            heard.add(question)
            answer.resume(returning: Response(version: "coordinator"))
          case .tell(let answer), .reloaded(let answer): answer.resume(returning: knowledge)
          case .measure(let answer): answer.resume(returning: nil)
          case .judge(let answer): answer.resume(returning: nil)
          case .shutDown: break
          }
        }
      }
    }
    defer { coordinator.cancel() }
    let response = await router.answer(
      Request(version: "test", command: command, address: address, to: to))
    return (response, heard.all)
  }

  @Test func whatTheCoordinatorKnowsItIsAsked() async throws {
    let address = IPAddress("10.80.8.150")!
    let asked: [(Request.Command, String?, String?, Mailbox.Question)] = [
      (.status, nil, nil, .status),
      (.drain, nil, nil, .drain(true)),
      (.undrain, nil, nil, .drain(false)),
      (.explain, "10.80.8.150", nil, .explainAddress(address)),
      (.explain, "default/web", nil, .explainService(ObjectName("default", "web"))),
      (.handover, "10.80.8.150", nil, .handOver(address, to: nil)),
      (.handover, "10.80.8.150", "b", .handOver(address, to: "b")),
    ]
    for (command, text, to, question) in asked {
      let (response, heard) = try await answer(command, text, to: to)
      #expect(heard == [question], "\(command.rawValue)")
      #expect(response.version == "coordinator" && response.error == nil, "\(command.rawValue)")
    }
  }

  @Test func whatAsksAStoreOrReadsAFileIsAnsweredBesideTheCoordinator() async throws {
    for command: Request.Command in [.pools, .compare, .reload] {
      let (response, heard) = try await answer(command)
      #expect(heard == [] && response.error == nil, "\(command.rawValue)")
      let isThere: Bool =
        switch command {
        case .pools: response.pools != nil
        default: response.comparison != nil
        }
      #expect(isThere, "\(command.rawValue)")
    }
  }

  @Test(arguments: [Request.Command.explain, .handover])
  func whatIsNoAddressIsRefused(_ command: Request.Command) async throws {
    for text in [nil, "10.80.8", "10.80.8.150/32", "default/"] {
      let (response, heard) = try await answer(command, text)
      #expect(response.error == "'\(text ?? "")' is not an IPv4 or IPv6 address")
      #expect(heard == [])
    }
  }

  @Test func aCommandOfALaterVersionIsNamed() async throws {
    let (response, heard) = try await answer(Request.Command(rawValue: "dance"))
    #expect(response.error == "this announcer (test) does not know 'dance'" && heard == [])
  }

  @Test(arguments: [
    Request.Command.status, .drain, .undrain, .pools, .compare, .cluster, .reload,
  ])
  func everyCommandHasAnAnswerAtTheEnd(_ command: Request.Command) async throws {
    let (response, _) = try await answer(command, isEnding: true)
    #expect(response.error == "this announcer is shutting down")
  }
}
