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
    var hasConflicts = false
    var commands: [Command] = []

    /// Whether taking it over may leave much memory free.
    var isLarge: Bool { configuration != nil || lease != nil }
  }

  enum Command: Sendable {
    case ask(Request, CheckedContinuation<Response, Never>)
    case shutDown
  }

  private let mail = Mutex(Mail())
  private let continuation: AsyncStream<Void>.Continuation
  /// Yields when there is something to take. For one reader.
  let signals: AsyncStream<Void>

  init() {
    (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func post(_ change: (inout Mail) -> Void) {
    mail.withLock { change(&$0) }
    continuation.yield()
  }

  /// Makes the coordinator look at the time.
  func wake() { continuation.yield() }

  func take() -> Mail {
    mail.withLock { mail in
      defer { mail = Mail() }
      return mail
    }
  }
}
