internal import Announcer
internal import Configuration
internal import Control
internal import Lease
internal import Synchronization

/// What waits for the coordinator: the newest state of each source, never a backlog.
///
/// Sources post whenever they like; a coordinator that was busy finds one snapshot of links, not
/// the five hundred that led to it. Commands, which may not be lost, queue up.
final class Mailbox: Sendable {
  struct Mail: Sendable {
    var configuration: Result<Configuration, ConfigurationFailure>?
    var links: [Link]?
    var lease: LeaseView?
    var warnings: [String]?
    var cluster: ClusterOutcome?
    var clusterWarnings: [String]?
    var hasConflicts = false
    var commands: [Command] = []
  }

  enum Command: Sendable {
    case ask(Request, CheckedContinuation<Response?, Never>)
    case shutDown
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
  func ask(_ request: Request) async -> Response? {
    await withCheckedContinuation { answer in
      let isClosed = state.withLock { state in
        if !state.isClosed { state.mail.commands.append(.ask(request, answer)) }
        return state.isClosed
      }
      if isClosed { answer.resume(returning: nil) } else { continuation.yield() }
    }
  }

  /// Answers what still waits, and whatever comes from now on, with nil: a question that nobody
  /// answers would keep its client, and with it the whole daemon, from ending.
  func close() {
    let commands = state.withLock { state in
      state.isClosed = true
      defer { state.mail = Mail() }
      return state.mail.commands
    }
    for case .ask(_, let answer) in commands { answer.resume(returning: nil) }
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
