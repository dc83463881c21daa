internal import AsyncHTTPClient
internal import FoundationEssentials
internal import HTTPTransport
internal import Lease
internal import LinuxSystem
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
internal import Time

/// Calls to etcd's JSON gateway: one POST each, bounded in time and length, with the token that
/// authentication asks for.
///
/// Source: etcd's `Documentation/dev-guide/api_grpc_gateway.md`; lease.md §4.8.
final class EtcdConnection: Sendable {
  /// Which client carries a call.
  typealias Lane = HTTPClients.Lane

  /// Where an endpoint stood when it last answered.
  struct Standing: Hashable {
    var member: UInt64
    var term: UInt64
  }

  /// Octets of an answer; a page of a thousand keys has some 500 KiB.
  static let longestAnswer = 8 << 20

  let options: EtcdOptions
  let endpoints: EtcdEndpoints
  let http: HTTPClients
  private let credentials: EtcdCredentials

  private struct State {
    /// All answers of a session come from one cluster.
    var cluster: UInt64?
    var standings: [Int: Standing] = [:]
  }
  private let state = Mutex(State())

  init(_ options: EtcdOptions) throws(StoreFailure) {
    self.options = options
    endpoints = try EtcdEndpoints(options.endpoints)
    let tls = endpoints.all.contains { $0.isSecure } ? try options.tlsConfiguration() : nil
    http = HTTPClients { configuration in
      if let tls { configuration.tlsConfiguration = tls }
    }
    credentials = EtcdCredentials(options)
    if options.userName != nil { _ = try options.password() }
  }

  /// Where the endpoint stood at its latest answer so far.
  func standing(of endpoint: EtcdEndpoint) -> Standing? {
    state.withLock { $0.standings[endpoint.index] }
  }

  /// The next answer decides which cluster this is: it may have been built anew since.
  func forgetCluster() { state.withLock { $0.cluster = nil } }

  /// Makes a call on the endpoint in use, and on others while there is time where it fails at once.
  ///
  /// - Parameters:
  ///   - action: what it is for, as a failure names it: `renew the session`.
  func perform<Answer: Sendable>(
    _ action: String, until deadline: Instant,
    _ attempt: (EtcdEndpoint) async throws(EtcdFailure) -> Answer
  ) async throws(StoreFailure) -> Answer {
    var tried = 0
    var hasRepeated = false
    while true {
      let endpoint = endpoints.current
      do throws(EtcdFailure) {
        return try await attempt(endpoint)
      } catch {
        let hasTime = Instant.now < deadline && !Task.isCancelled
        // The server may have closed an idle connection: that says nothing against the endpoint.
        if error.meaning == .connectionClosed, !hasRepeated, hasTime {
          hasRepeated = true
          continue
        }
        tried += 1
        if error.speaksAgainstEndpoint { endpoints.leave(endpoint) }
        guard error.speaksAgainstEndpoint, hasTime, tried < endpoints.all.count else {
          throw error.failure(of: action, on: endpoint)
        }
      }
    }
  }

  /// One call to one endpoint; authenticates (again) where that is what it lacks.
  func post<Answer: EtcdAnswer>(
    _ path: String, _ request: some Encodable & Sendable, to endpoint: EtcdEndpoint,
    lane: Lane = .others, until deadline: Instant
  ) async throws(EtcdFailure) -> Answer {
    let body = request.json
    return try await authenticated(on: endpoint, until: deadline) { token throws(EtcdFailure) in
      try await self.exchange(
        path, body, to: endpoint, lane: lane, token: token, until: deadline)
    }
  }

  /// Runs `body` with a token, and again with a new one where it is refused.
  func authenticated<Value: Sendable>(
    on endpoint: EtcdEndpoint, until deadline: Instant,
    _ body: (String?) async throws(EtcdFailure) -> Value
  ) async throws(EtcdFailure) -> Value {
    guard options.userName != nil else { return try await body(nil) }
    var refused: String?
    // The second token may be one that another call was given a while ago; the third is fresh.
    for _ in 0..<2 {
      let known = try await token(on: endpoint, instead: refused, until: deadline)
      do throws(EtcdFailure) {
        return try await body(known)
      } catch {
        guard error.meaning == .tokenRefused else { throw error }
        refused = known ?? ""
      }
    }
    return try await body(token(on: endpoint, instead: refused, until: deadline))
  }

  private func token(
    on endpoint: EtcdEndpoint, instead refused: String?, until deadline: Instant
  ) async throws(EtcdFailure) -> String? {
    try await credentials.token(instead: refused, until: deadline, options: options) {
      [weak self] request throws(EtcdFailure) in
      guard let self else { throw EtcdFailure(.timedOut, "given up", meaning: .cancelled) }
      let answer: AuthenticateAnswer = try await self.exchange(
        "/v3/auth/authenticate", request.json, to: endpoint, lane: .others, token: nil,
        until: .now + .seconds(3))
      guard let token = answer.token else { throw EtcdFailure(unreadable: []) }
      return token
    }
  }

  private func exchange<Answer: EtcdAnswer>(
    _ path: String, _ body: Data, to endpoint: EtcdEndpoint, lane: Lane, token: String?,
    until deadline: Instant
  ) async throws(EtcdFailure) -> Answer {
    // What nobody waits for any more shall not take effect either.
    guard Instant.now < deadline else { throw EtcdFailure(.timedOut, "no answer in time") }
    let http = http
    let request = Self.request(path, body, to: endpoint, token: token, until: deadline)
    let (status, bytes): (HTTPResponseStatus, [UInt8])
    do {
      (status, bytes) = try await withDeadline(deadline) {
        let answer = try await http.execute(request, over: lane)
        let bytes = try await answer.body.collect(upTo: Self.longestAnswer)
        return (answer.status, Array(buffer: bytes))
      }
    } catch {
      throw EtcdFailure(transport: error, options: options)
    }
    // A body that was cut by cancellation looks complete.
    if Task.isCancelled { throw EtcdFailure(transport: CancellationError(), options: options) }
    guard status == .ok else {
      throw EtcdFailure(status: status, body: bytes, options: options)
    }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)),
      let header = answer.header, header.member != 0
    else {
      // A stream that fails at once does so under HTTP 200.
      if let error = try? JSONDecoder().decode(GatewayError.self, from: Data(bytes)) {
        throw EtcdFailure(error.details, options: options)
      }
      throw EtcdFailure(unreadable: bytes)
    }
    try note(header, of: endpoint)
    return answer
  }

  static func request(
    _ path: String, _ body: Data, to endpoint: EtcdEndpoint, token: String?,
    until deadline: Instant?
  ) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: endpoint.url + path)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    // Fails at once, and ends watches, where the member has no leader; without, calls hang.
    request.headers.add(name: "Grpc-Metadata-hasleader", value: "true")
    if let deadline {
      // Bounds the work on the server; eight digits at most.
      let milliseconds = min(max((deadline - .now).nanoseconds / 1_000_000, 1), 99_999_999)
      request.headers.add(name: "Grpc-Timeout", value: "\(milliseconds)m")
    }
    if let token { request.headers.add(name: "Authorization", value: token) }
    request.body = .bytes(ByteBuffer(bytes: body))
    return request
  }

  /// Takes notice of where the endpoint stands; refuses to mix two clusters.
  func note(_ header: ResponseHeader, of endpoint: EtcdEndpoint) throws(EtcdFailure) {
    let other = state.withLock { state -> UInt64? in
      if let cluster = state.cluster, cluster != header.cluster { return cluster }
      state.cluster = header.cluster
      state.standings[endpoint.index] = Standing(member: header.member, term: header.term)
      return nil
    }
    if let other {
      throw EtcdFailure(
        .misconfigured,
        "it is of the cluster \(String(header.cluster, radix: 16)), not of "
          + "\(String(other, radix: 16)), where our session is: name the members of one cluster")
    }
  }
}
