internal import AsyncHTTPClient
internal import FoundationEssentials
internal import HTTPTransport
internal import Lease
internal import LinuxSystem
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
internal import Time

/// The one watch over the prefix: it goes on where it was after every interruption, and says `missed`
/// where it cannot.
final class EtcdWatch: Sendable {
  private struct State {
    /// The first revision that nobody has told of; nil where it has to be asked for.
    var next: Int64?
    /// Something between the last news and `next` is lost (at first: everything before).
    var owesMissed = true
    var cluster: UInt64?
    /// The newest revision that the cluster has said it has.
    var newest: Int64 = 0
    var translation: EtcdWatchNews
    var stream: Task<Void, any Error>?
    /// The stream was ended because another endpoint came into use.
    var hasMoved = false
    var loop: Task<Void, Never>?

    /// Whether what the cluster is now did not come of what it was. Revisions may have caught up with those
    /// that were known; claims do not come back.
    func isOfAnotherHistory(
      _ cluster: UInt64?, _ revision: Int64, _ reading: EtcdReading
    ) -> Bool {
      guard let known = self.cluster else { return false }
      return cluster != known || revision < newest
        || next.map { translation.memory.isContradicted(by: reading.memory, before: $0) } ?? false
    }
  }
  private let state: Mutex<State>
  private let calls: EtcdCalls
  /// Ends when the watch listens for the first time.
  private let beginning: AsyncStream<Never>
  private let hasBegun: AsyncStream<Never>.Continuation

  /// How long the endpoint may take to say that it listens.
  private static let patience = Duration.seconds(2)
  private static let shortestPause = Duration.milliseconds(30)
  private static let longestPause = Duration.milliseconds(500)

  init(_ calls: EtcdCalls) {
    self.calls = calls
    (beginning, hasBegun) = AsyncStream.makeStream()
    state = Mutex(
      State(translation: EtcdWatchNews(keys: calls.keys, isOwn: calls.sessions.isOwn)))
  }

  /// Listens from now on; once.
  func start() {
    state.withLock { state in
      guard state.loop == nil else { return }
      calls.connection.endpoints.whenMoved { [weak self] in self?.move() }
      state.loop = Task { await self.run() }
    }
  }

  /// Waits until the watch listens for the first time, or until `deadline`.
  func waitUntilListening(until deadline: Instant) async {
    let beginning = beginning
    try? await withDeadline(deadline) { for await _ in beginning {} }
  }

  func stop() {
    state.withLock { state in
      state.loop?.cancel()
      state.stream?.cancel()
    }
  }

  /// Follows the calls to the endpoint that they use now.
  private func move() {
    state.withLock { state in
      state.hasMoved = true
      state.stream?.cancel()
    }
  }

  private func run() async {
    var pause = Self.shortestPause
    while !Task.isCancelled {
      let endpoint = calls.connection.endpoints.current
      let startedAt = Instant.now
      let stream = Task { try await self.listen(on: endpoint) }
      let isLate = state.withLock { state in
        state.stream = stream
        state.hasMoved = false
        return calls.connection.endpoints.current != endpoint
      }
      if isLate || Task.isCancelled { stream.cancel() }
      let result = await stream.result
      if Task.isCancelled { return }
      let hasMoved = state.withLock { $0.hasMoved }
      if hasMoved || isLate { continue }
      guard case .failure(let error) = result else { continue }
      let failure = EtcdFailure(transport: error, options: calls.connection.options)
      if failure.meaning == .compacted {
        state.withLock { state in
          state.next = nil
          state.owesMissed = true
        }
        continue
      }
      let hadLasted = Instant.now - startedAt > .seconds(1)
      if !hadLasted { calls.news.noteWatch(failure.failure(of: "watch the claims", on: endpoint)) }
      // As at the calls: a connection that breaks after a while says nothing against the endpoint.
      if failure.speaksAgainstEndpoint, !(hadLasted && failure.meaning == .connectionClosed) {
        calls.connection.endpoints.leave(endpoint)
      }
      pause = hadLasted ? Self.shortestPause : min(pause * 2, Self.longestPause)
      // Jitter: the watches of all nodes break at one moment.
      try? await BootTimer.sleep(for: pause * Double.random(in: 0.5...1.5))
    }
  }

  /// Tells what happens until the stream ends; never returns without an error.
  private func listen(on endpoint: EtcdEndpoint) async throws {
    let start = try await startRevision(on: endpoint)
    let deadline = Instant.now + Self.patience
    let connection = calls.connection
    let request = WatchRequest(
      creation: .init(key: calls.keys.first, rangeEnd: calls.keys.end, startRevision: start)
    ).json
    try await connection.authenticated(on: endpoint, until: deadline) {
      token throws(EtcdFailure) in
      do {
        try await follow(
          EtcdConnection.request("/v3/watch", request, to: endpoint, token: token, until: nil),
          on: endpoint)
      } catch {
        throw EtcdFailure(transport: error, options: connection.options)
      }
    }
  }

  /// Where to begin: where we were, if that is still the same history (a cluster that was put back from a
  /// backup would be silent until it has caught up, and has forgotten what happened since); else after a
  /// reading of everything.
  private func startRevision(on endpoint: EtcdEndpoint) async throws -> Int64 {
    let now: RangeAnswer = try await calls.connection.post(
      "/v3/kv/range",
      RangeRequest(key: calls.keys.first, rangeEnd: calls.keys.end, isCountOnly: true),
      to: endpoint, until: .now + Self.patience)
    let (revision, cluster) = (now.header?.revision ?? 0, now.header?.cluster)
    let reading = try await calls.read(on: endpoint, isForWatch: true) { .now + Self.patience * 3 }
    return state.withLock { state in
      let isRestored = state.isOfAnotherHistory(cluster, revision, reading)
      state.cluster = cluster
      state.newest = max(isRestored ? 0 : state.newest, reading.revision)
      if let next = state.next, !isRestored { return next }
      // Under the lock: before whatever is told of the other history.
      if isRestored { calls.news.tell([.restored]) }
      state.translation.memory = reading.memory
      state.next = reading.revision + 1
      state.owesMissed = true
      return reading.revision + 1
    }
  }

  private func follow(_ request: HTTPClientRequest, on endpoint: EtcdEndpoint) async throws {
    let connection = calls.connection
    let answer = try await connection.http.execute(
      request, over: .others, deadline: .now() + .nanoseconds(Self.patience.nanoseconds))
    guard answer.status == .ok else {
      let body = try await answer.body.collect(upTo: EtcdConnection.longestAnswer)
      throw EtcdFailure(
        status: answer.status, body: Array(buffer: body), options: connection.options)
    }
    var splitter = LineSplitter()
    for try await buffer in answer.body {
      let lines: [[UInt8]]
      do {
        lines = try splitter.add(buffer.readableBytesView)
      } catch {
        throw EtcdFailure(
          .unintelligible, "a line longer than \(LineSplitter.longestLine >> 20) MiB: is it etcd?")
      }
      for line in lines { try take(line) }
    }
    throw EtcdFailure(.unreachable, "the watch's stream ended", meaning: .connectionClosed)
  }

  private func take(_ line: [UInt8]) throws(EtcdFailure) {
    guard let line = try? JSONDecoder().decode(WatchLine.self, from: Data(line)) else {
      throw EtcdFailure(unreadable: line)
    }
    if let error = line.error { throw EtcdFailure(error, options: calls.connection.options) }
    guard let message = line.result, message.header != nil else {
      throw EtcdFailure(unreadable: [])
    }
    if message.compactRevision != 0 {
      throw EtcdFailure(.unavailable, "what was missed is compacted away", meaning: .compacted)
    }
    if message.canceled ?? false {
      let reason = message.cancelReason ?? "without a reason"
      throw EtcdFailure(
        GatewayError.Details(code: 14, message: "the watch was cancelled: \(reason)"),
        options: calls.connection.options)
    }
    if message.created ?? false {
      let owesMissed = state.withLock { state in
        defer { state.owesMissed = false }
        return state.owesMissed
      }
      calls.news.noteWatch(nil)
      hasBegun.finish()
      if owesMissed { calls.news.tell([.missed]) }
    }
    tell(message.events ?? [])
  }

  private func tell(_ events: [WatchEvent]) {
    guard let newest = events.map(\.keyValue.modRevision).max() else { return }
    for event in events {
      let key = event.keyValue
      calls.news.note(event.isDeletion ? nil : calls.keys.trouble(of: key), of: key.key)
    }
    let changes = state.withLock { state in
      state.next = max(state.next ?? 0, newest + 1)
      state.newest = max(state.newest, newest)
      return state.translation.changes(events)
    }
    calls.news.tell(changes)
  }
}
