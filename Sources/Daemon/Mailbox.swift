internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import Synchronization
internal import Wire

/// What waits for the coordinator: the newest state of each source, never a backlog.
///
/// Sources post whenever they like; a coordinator that was busy finds one snapshot of links, not
/// the five hundred that led to it. Commands, which may not be lost, queue up.
final class Mailbox: Sendable {
  struct Mail: Sendable {
    var configuration: Result<Configuration, ConfigurationFailure>?
    var links: [Link]?
    var gateways: Set<Gateway>?
    var lease: LeaseView?
    /// Of the sources that have said something since.
    var warnings: [WarningSource: [String]] = [:]
    var cluster: ClusterOutcome?
    var selfCheckRound: SelfCheckRound?
    var hasConflicts = false
    /// The last write under a duty has ended after its gate was shut.
    var isDutyIdle = false
    var commands: [Command] = []

    mutating func add(_ view: LeaseView) {
      var view = view
      if let unread = lease { view.supersede(unread) }
      lease = view
    }
  }

  enum Command: Sendable {
    case ask(Question, CheckedContinuation<Response?, Never>)
    /// What the coordinator knows, for whoever puts an answer together beside it.
    case tell(CheckedContinuation<NodeKnowledge?, Never>)
    /// The same, once the reload is complete whose configuration was posted before.
    case reloaded(CheckedContinuation<NodeKnowledge?, Never>)
    case measure(CheckedContinuation<DaemonFigures?, Never>)
    case judge(CheckedContinuation<[String]?, Never>)
    case shutDown
  }

  /// What people ask the coordinator, and tell it to do.
  enum Question: Hashable, Sendable {
    case status
    case explainAddress(IPAddress)
    case explainService(ObjectName)
    /// Whether this node hands everything over and does not compete.
    case drain(Bool)
    /// To another node, or, where it is nil, to the one that the ranking names.
    case handOver(IPAddress, to: String?)
  }

  private struct State {
    var mail = Mail()
    var isClosed = false
  }

  private let state = Mutex(State())
  private let continuation: AsyncStream<Void>.Continuation
  /// Yields when there is something to take. For one reader.
  let signals: AsyncStream<Void>

  init() {
    (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func post(_ change: (inout Mail) -> Void) {
    state.withLock { change(&$0.mail) }
    continuation.yield()
  }

  /// Hands a question to the coordinator and waits for its answer; nil once nobody answers any more.
  func ask(_ question: Question) async -> Response? {
    await withCheckedContinuation { answer in
      if !queue(.ask(question, answer)) { answer.resume(returning: nil) }
    }
  }

  /// What the coordinator knows now; nil once it has ended.
  func knowledge() async -> NodeKnowledge? {
    await withCheckedContinuation { answer in
      if !queue(.tell(answer)) { answer.resume(returning: nil) }
    }
  }

  /// What the coordinator knows once a configuration that was posted is in force or refused, and each new address
  /// announced or refused; nil once it has ended.
  func reloaded() async -> NodeKnowledge? {
    await withCheckedContinuation { answer in
      if !queue(.reloaded(answer)) { answer.resume(returning: nil) }
    }
  }

  /// The figures of this moment; nil once nobody takes any more.
  func measure() async -> DaemonFigures? {
    await withCheckedContinuation { answer in
      if !queue(.measure(answer)) { answer.resume(returning: nil) }
    }
  }

  /// Why this node is not ready, in words; nil once nobody knows any more.
  func judge() async -> [String]? {
    await withCheckedContinuation { answer in
      if !queue(.judge(answer)) { answer.resume(returning: nil) }
    }
  }

  /// False where nobody takes commands any more.
  private func queue(_ command: Command) -> Bool {
    let isClosed = state.withLock { state in
      if !state.isClosed { state.mail.commands.append(command) }
      return state.isClosed
    }
    if !isClosed { continuation.yield() }
    return !isClosed
  }

  /// Answers what still waits, and whatever comes from now on, with nil: a question that nobody
  /// answers would keep its client, and with it the whole daemon, from ending.
  func close() {
    let commands = state.withLock { state in
      state.isClosed = true
      defer { state.mail = Mail() }
      return state.mail.commands
    }
    for command in commands {
      switch command {
      case .ask(_, let answer): answer.resume(returning: nil)
      case .tell(let answer), .reloaded(let answer): answer.resume(returning: nil)
      case .measure(let answer): answer.resume(returning: nil)
      case .judge(let answer): answer.resume(returning: nil)
      case .shutDown: break
      }
    }
  }

  /// Makes the coordinator look at the time.
  func wake() { continuation.yield() }

  func take() -> Mail {
    state.withLock { state in
      defer { state.mail = Mail() }
      return state.mail
    }
  }
}
