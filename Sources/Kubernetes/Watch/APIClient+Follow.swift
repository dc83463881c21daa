internal import AsyncHTTPClient
internal import HTTPTransport
internal import LinuxSystem
internal import NIOCore
internal import Time

extension APIClient {
  /// Reads the lines of an answer that does not end by itself; returns when the server ends it.
  ///
  /// - Parameters:
  ///   - patience: how long the head of the answer may take.
  ///   - silence: how long there may be no line.
  ///   - opened: the server has said that it listens.
  ///   - take: gets each line; whatever it throws ends the stream.
  func follow(
    _ path: String, query: [(String, String)], patience: Duration, silence: Duration,
    opened: @escaping @Sendable () async -> Void,
    take: @escaping @Sendable ([UInt8]) async throws(APIFailure) -> Void
  ) async throws(APIFailure) {
    let action = "watch \(path) on \(access.server.text)"
    let request = request(.get, path, query: query)
    // Credentials that are refused are so before the first line.
    let answer = try await authorized(action, .get, until: .now + patience) {
      pass throws(APIFailure) in
      try await self.open(action, request.with(pass), over: pass, patience: patience)
    }
    await opened()
    let sign = LastSign()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await Self.read(answer.response, sign, take) }
        group.addTask { try await sign.waitForSilence(of: silence) }
        defer { group.cancelAll() }
        try await group.next()
      }
    } catch is LastSign.Silence {
      throw APIFailure(
        .timedOut, text: "\(action): nothing was heard for \(silence.nanoseconds / 1_000_000) ms")
    } catch is LineSplitter.TooLong {
      throw APIFailure(
        .unintelligible,
        text: "\(action): a line longer than \(LineSplitter.longestLine >> 20) MiB")
    } catch {
      throw failure(error, action, limit: Self.longestAnswer)
    }
    // A stream that was cut by cancellation looks complete.
    if Task.isCancelled { throw APIFailure(.cancelled, text: "\(action): given up") }
  }

  /// Keeps the clients alive as long as the stream is read.
  private struct OpenAnswer: Sendable {
    let response: HTTPClientResponse
    let pass: ClientPass
  }

  private func open(
    _ action: String, _ request: HTTPClientRequest, over pass: ClientPass, patience: Duration
  ) async throws(APIFailure) -> OpenAnswer {
    let response: HTTPClientResponse
    do {
      response = try await pass.clients.execute(
        request, over: .others, deadline: .now() + .nanoseconds(patience.nanoseconds))
    } catch {
      throw failure(error, action, limit: Self.longestAnswer)
    }
    let head = AnswerHead(response)
    var body: [UInt8] = []
    if !(200..<300).contains(head.status) {
      do {
        body = try await withDeadline(.now + patience) {
          Array(buffer: try await response.body.collect(upTo: Self.longestAnswer))
        }
      } catch {
        throw failure(error, action, limit: Self.longestAnswer)
      }
    }
    try check(head, body, action)
    return OpenAnswer(response: response, pass: pass)
  }

  private static func read(
    _ response: HTTPClientResponse, _ sign: LastSign,
    _ take: ([UInt8]) async throws(APIFailure) -> Void
  ) async throws {
    var splitter = LineSplitter()
    for try await buffer in response.body {
      for line in try splitter.add(buffer.readableBytesView) {
        sign.beginDealing()
        defer { sign.heard() }
        try await take(line)
      }
    }
  }
}
