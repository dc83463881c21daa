internal import AsyncHTTPClient
internal import HTTPTransport
internal import LinuxSystem
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
package import Time

/// Calls to the API server, bounded in time and length, with credentials that are kept fresh.
///
/// Source: Kubernetes documentation, "Kubernetes API Concepts".
package final class APIClient: Sendable {
  /// Which connections carry a call: renewals of leases never wait behind others.
  package enum Lane: Sendable {
    case renewals, others

    var ofClients: HTTPClients.Lane { self == .renewals ? .renewals : .others }
  }

  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    /// A merge patch (RFC 7386).
    case patch = "PATCH"
  }

  /// Octets of an answer to anything but a list.
  package static let longestAnswer = 8 << 20
  /// Octets of a list's page; a server that ignores paging sends all objects in one.
  package static let longestPage = 64 << 20

  package let access: ClusterAccess
  let credentials: ClientCredentials
  private let collectedWarnings = APIWarnings()

  /// Reads certificates and whatever else is in files, so that a bad one is said here.
  package init(_ access: ClusterAccess) throws(AccessFault) {
    self.access = access
    credentials = try ClientCredentials(access)
  }

  /// Why the kubeconfig is not in force as it is now, in one line; nil where it is.
  package var remark: String? { credentials.remark }

  /// Has the next call read the kubeconfig, and the files that it names, again.
  package func refresh() { credentials.age() }

  /// What the server warns of (`Warning:` headers), each text once. For one reader.
  package var warnings: AsyncStream<String> { collectedWarnings.stream }
  /// All warnings so far.
  package var warningsSoFar: [String] { collectedWarnings.all }

  /// One call: the body of a good answer, which is JSON.
  ///
  /// Refused credentials are obtained anew, once. A call that never reached the server is repeated once,
  /// as is a GET whose connection broke; what else may have taken effect is for the caller to find out.
  ///
  /// - Parameters:
  ///   - path: from the server's root: `/api/v1/nodes`.
  ///   - query: encoded here.
  ///   - limit: octets of the answer.
  package func call(
    _ method: Method, _ path: String, query: [(String, String)] = [], body: [UInt8]? = nil,
    lane: Lane = .others, limit: Int = APIClient.longestAnswer, until deadline: Instant
  ) async throws(APIFailure) -> [UInt8] {
    let action = action(method, path)
    let request = request(method, path, query: query, body: body)
    return try await authorized(action, method, until: deadline) { pass throws(APIFailure) in
      try await self.exchange(
        action, request.with(pass), over: pass.clients, lane, limit: limit, until: deadline)
    }
  }

  /// Makes an attempt with credentials, and another where that is of use.
  func authorized<Answer: Sendable>(
    _ action: String, _ method: Method, until deadline: Instant,
    _ attempt: (ClientPass) async throws(APIFailure) -> Answer
  ) async throws(APIFailure) -> Answer {
    var pass = try await credentials.pass(until: deadline, action: action)
    var hasRenewed = false
    var hasRepeated = false
    while true {
      let failure: APIFailure
      do throws(APIFailure) {
        return try await attempt(pass)
      } catch {
        failure = error
      }
      guard Instant.now < deadline, !Task.isCancelled else { throw failure }
      if failure.status == 401, !hasRenewed {
        hasRenewed = true
        // Nothing newer to be had: the server's word stands.
        guard
          let next = try await credentials.pass(
            insteadOf: pass, until: deadline, action: action)
        else { throw failure }
        pass = next
        continue
      }
      if failure.kind == .unreachable, !hasRepeated,
        method == .get || !failure.mayHaveTakenEffect
      {
        hasRepeated = true
        continue
      }
      throw failure
    }
  }

  private func exchange(
    _ action: String, _ request: HTTPClientRequest, over clients: HTTPClients, _ lane: Lane,
    limit: Int, until deadline: Instant
  ) async throws(APIFailure) -> [UInt8] {
    // What nobody waits for any more shall not take effect either.
    guard Instant.now < deadline else {
      throw APIFailure(.timedOut, text: "\(action): no answer in time")
    }
    let answer: (head: AnswerHead, body: [UInt8])
    do {
      answer = try await withDeadline(deadline) {
        let answer = try await clients.execute(request, over: lane.ofClients)
        let body = try await answer.body.collect(upTo: limit)
        return (AnswerHead(answer), Array(buffer: body))
      }
    } catch {
      throw failure(error, action, limit: limit)
    }
    // A body that was cut by cancellation looks complete.
    if Task.isCancelled {
      throw APIFailure(.cancelled, mayHaveTakenEffect: true, text: "\(action): given up")
    }
    try check(answer.head, answer.body, action)
    guard let first = answer.body.first(where: { !Self.blanks.contains($0) }),
      first == UInt8(ascii: "{")
    else { throw .noJSON(answer.body, status: answer.head.status, action: action) }
    return answer.body
  }

  private static let blanks: Set<UInt8> = Set(" \t\r\n".utf8)

  /// Takes the warnings of an answer, and throws if it is none of success.
  func check(_ head: AnswerHead, _ body: [UInt8], _ action: String) throws(APIFailure) {
    collectedWarnings.take(head.warnings)
    guard (200..<300).contains(head.status) else {
      throw APIFailure(
        status: head.status, retryAfter: head.retryAfter, body: body, action: action)
    }
  }

  /// In the words of one line for people.
  func failure(_ error: any Error, _ action: String, limit: Int) -> APIFailure {
    if let error = error as? APIFailure { return error }
    if case .invalidEOFState? = error as? HTTPParserError {
      return APIFailure(
        .unreachable, mayHaveTakenEffect: true,
        text: "\(action): it closed the connection in the middle of the answer")
    }
    return APIFailure(
      TransportFailure(error, peer: credentials.peer(longestAnswer: limit)), action: action)
  }

  func action(_ method: Method, _ path: String) -> String {
    "\(method.rawValue) \(path) on \(access.server.text)"
  }

  func request(
    _ method: Method, _ path: String, query: [(String, String)], body: [UInt8]? = nil
  ) -> HTTPClientRequest {
    // The certificate is verified against the host of the URL; `ClientCredentials` has the client
    // connect to the real host for it.
    let server = access.serverName.map { access.server.with(host: $0) } ?? access.server
    var url = server.text + path
    if !query.isEmpty {
      url += "?" + query.map { "\($0.percentEncoded)=\($1.percentEncoded)" }.joined(separator: "&")
    }
    var request = HTTPClientRequest(url: url)
    request.method = HTTPMethod(rawValue: method.rawValue)
    request.headers.add(name: "Host", value: access.server.authority)
    request.headers.add(name: "Accept", value: "application/json")
    request.headers.add(name: "User-Agent", value: "announcer")
    for header in access.user.impersonation {
      request.headers.add(name: header.name, value: header.value)
    }
    if let body {
      let type = method == .patch ? "application/merge-patch+json" : "application/json"
      request.headers.add(name: "Content-Type", value: type)
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    return request
  }
}

extension HTTPClientRequest {
  func with(_ pass: ClientPass) -> HTTPClientRequest {
    guard let authorization = pass.authorization else { return self }
    var request = self
    request.headers.add(name: "Authorization", value: authorization)
    return request
  }
}
