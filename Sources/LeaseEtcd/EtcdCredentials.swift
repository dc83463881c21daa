internal import HTTPTransport
internal import Lease
internal import Synchronization
internal import Time

/// The token that stands for user and password, asked for once by however many calls need it.
///
/// etcd compares the password with a slow hash on purpose; eight calls whose token has expired must
/// not ask eight times.
final class EtcdCredentials: Sendable {
  typealias Ask = @Sendable (AuthenticateRequest) async throws(EtcdFailure) -> String

  private enum State {
    case none
    /// Nil where the cluster has authentication switched off.
    case known(String?)
    case asking(Task<Result<String?, EtcdFailure>, Never>)
  }
  private let state = Mutex(State.none)
  private let user: String

  init(_ options: EtcdOptions) {
    user = options.userName ?? ""
  }

  /// The token; a new one where the old one is `refused`.
  func token(
    instead refused: String?, until deadline: Instant, options: EtcdOptions, _ ask: @escaping Ask
  ) async throws(EtcdFailure) -> String? {
    let user = user
    let asking: Task<Result<String?, EtcdFailure>, Never>? = state.withLock { state in
      switch state {
      case .known(let token) where refused == nil || token ?? "" != refused: return nil
      case .asking(let task): return task
      case .none, .known:
        let task = Task<Result<String?, EtcdFailure>, Never> { [self] in
          let result = await Self.ask(user, options, ask)
          self.state.withLock { state in
            if case .success(let token) = result { state = .known(token) } else { state = .none }
          }
          return result
        }
        state = .asking(task)
        return task
      }
    }
    guard let asking else {
      return state.withLock { if case .known(let token) = $0 { token } else { nil } }
    }
    do {
      return try await withDeadline(deadline) { try await asking.cancellableValue() }.get()
    } catch {
      throw (error as? EtcdFailure) ?? EtcdFailure(transport: error, options: options)
    }
  }

  private static func ask(
    _ user: String, _ options: EtcdOptions, _ ask: Ask
  ) async -> Result<String?, EtcdFailure> {
    let password: String
    do throws(StoreFailure) {
      password = try options.password()
    } catch {
      return .failure(EtcdFailure(error.kind, error.text))
    }
    do throws(EtcdFailure) {
      return .success(try await ask(AuthenticateRequest(name: user, password: password)))
    } catch {
      // Switched off: calls go without, until one is told that it needs a token.
      return error.meaning == .authenticationIsOff ? .success(nil) : .failure(error)
    }
  }
}

extension Task where Failure == Never {
  /// The value; or an error as soon as the asking task is cancelled, while this task goes on.
  fileprivate func cancellableValue() async throws -> Success {
    let (stream, continuation) = AsyncStream<Success>.makeStream()
    let relay = Task<Void, Never> {
      continuation.yield(await value)
      continuation.finish()
    }
    defer { relay.cancel() }
    for await value in stream { return value }
    throw Swift.CancellationError()
  }
}
