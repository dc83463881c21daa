internal import FoundationEssentials
internal import Synchronization

/// What the test server is, apart from its sockets: objects, watches, who may do what, and faults.
final class ServerCore: Sendable {
  struct State {
    var store = ObjectStore()
    var kinds: [APIKind]
    /// Values of `Authorization` that are let in.
    var authorizations: Set<String> = []
    var denials: [Denial] = []
    var faults: [Fault] = []
    var connections: [ObjectIdentifier: Connection] = [:]
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0
    var requests: [APIRequest] = []
    var isFrozen = false
    /// Requests that came while it was frozen.
    var waiting: [@Sendable () -> Void] = []
    var freezesWatches = false
    var stopsBookmarks = false
    var watchLimit: Int?
    var dropsEvent: (@Sendable (WatchedEvent) -> Bool)?
    var bookmarkInterval: Duration
  }

  /// A right that is missing.
  struct Denial: Sendable {
    let verbs: Set<APIVerb>?
    let resource: String?
  }

  let state: Mutex<State>

  init(kinds: [APIKind], bookmarkInterval: Duration) {
    var new = State(kinds: kinds, bookmarkInterval: bookmarkInterval)
    for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
      _ = try? new.store.create(["metadata": ["name": .string(name)]], of: .namespace, in: "")
    }
    state = Mutex(new)
  }

  func opened(_ connection: Connection) {
    state.withLock { $0.connections[ObjectIdentifier(connection)] = connection }
  }

  func closed(_ connection: Connection) {
    state.withLock { state in
      state.connections[ObjectIdentifier(connection)] = nil
      state.watchers = state.watchers.filter { $0.value.connection !== connection }
    }
  }

  /// Takes a request, of which the answer may be long in coming.
  func take(_ call: HTTPCall, _ connection: Connection) {
    let isFrozen = state.withLock { state in
      if state.isFrozen { state.waiting.append { [self] in take(call, connection) } }
      return state.isFrozen
    }
    guard !isFrozen else { return }
    let query = call.query
    let route = state.withLock { Route(call.method, call.path, query, $0.kinds) }
    var target: ResourceRoute?
    if case .object(let found) = route { target = found }
    let request = APIRequest(
      method: call.method, path: call.path, query: query, verb: target?.verb,
      resource: target?.resource ?? "", namespace: target?.namespace ?? "",
      name: target?.name ?? "", headers: call.headers, body: call.body, at: .now)
    let effects = state.withLock { state in
      state.requests.append(request)
      return state.takeEffects(on: request)
    }
    meet(effects[...], call, request, route, connection)
  }

  /// Does what the faults want, one after the other, and then what the request wants.
  private func meet(
    _ effects: ArraySlice<Fault.Effect>, _ call: HTTPCall, _ request: APIRequest, _ route: Route,
    _ connection: Connection
  ) {
    switch effects.first {
    case .delay(let delay):
      connection.after(delay) { [self] in
        meet(effects.dropFirst(), call, request, route, connection)
      }
    case .throttle(let seconds):
      var error = APIError(
        429, "TooManyRequests", "Too many requests, please try again later.")
      error.retryAfter = seconds
      connection.answer(Answer(error))
    case .status(let code): connection.answer(Answer(Self.generic(code)))
    case .page(let code, let text):
      connection.answer(Answer(code: code, contentType: "text/html", body: Array(text.utf8)))
    case .hang: break
    case .cut: connection.cut()
    case .loseAnswer:
      _ = perform(call, request, route)
      connection.cut()
    case .truncate(let count): answer(call, request, route, connection, cutAfter: count)
    case nil: answer(call, request, route, connection)
    }
  }

  private func answer(
    _ call: HTTPCall, _ request: APIRequest, _ route: Route, _ connection: Connection,
    cutAfter limit: Int? = nil
  ) {
    switch perform(call, request, route) {
    case .whole(let answer): connection.answer(answer, cutAfter: limit)
    case .watch(let route): watch(route, request, connection)
    }
  }

  private static func generic(_ code: Int) -> APIError {
    let reason =
      switch code {
      case 500: "InternalError"
      case 503: "ServiceUnavailable"
      case 504: "Timeout"
      default: ""
      }
    return APIError(
      code, reason, "an error on the server has prevented the request from succeeding")
  }
}

extension ServerCore.State {
  fileprivate mutating func takeEffects(on request: APIRequest) -> [Fault.Effect] {
    var effects: [Fault.Effect] = []
    for index in faults.indices where faults[index].concerns(request) {
      effects.append(faults[index].effect)
      if let times = faults[index].times { faults[index].times = times - 1 }
    }
    faults.removeAll { $0.times.map { $0 <= 0 } ?? false }
    return effects
  }
}
