internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

extension EtcdMember {
  /// One call to the JSON gateway over http: the answer's text, or an error with it.
  @discardableResult
  package func call(
    _ path: String, _ body: String, within limit: Duration = .seconds(2)
  ) async throws -> String {
    var request = HTTPClientRequest(url: url + path)
    request.method = .POST
    request.headers.add(name: "Grpc-Metadata-hasleader", value: "true")
    request.body = .bytes(ByteBuffer(string: body))
    let answer = try await HTTPClient.shared.execute(
      request,
      timeout: .nanoseconds(
        limit.components.seconds * 1_000_000_000
          + limit.components.attoseconds / 1_000_000_000))
    let text = String(buffer: try await answer.body.collect(upTo: 16 << 20))
    guard answer.status == .ok else { throw EtcdTestError("\(path): \(answer.status): \(text)") }
    return text
  }

  /// Writes a key, with a lease (as a decimal number) where one is given.
  package func put(_ key: String, _ value: String, lease: Int64 = 0) async throws {
    try await call(
      "/v3/kv/put",
      #"{"key":"\#(base64(key))","value":"\#(base64(value))","lease":"\#(lease)"}"#)
  }

  package func delete(_ key: String) async throws {
    try await call("/v3/kv/deleterange", #"{"key":"\#(base64(key))"}"#)
  }

  /// What stands in a key; nil where there is none.
  package func get(_ key: String) async throws -> EtcdKey? {
    try await decode(
      EtcdRangeAnswer.self,
      from: call("/v3/kv/range", #"{"key":"\#(base64(key))"}"#)
    ).kvs?.first
  }

  /// All keys that begin with `prefix`, by their names.
  package func keys(_ prefix: String) async throws -> [String: EtcdKey] {
    var end = Array(prefix.utf8)
    end[end.count - 1] += 1
    let answer = try await decode(
      EtcdRangeAnswer.self,
      from: call(
        "/v3/kv/range",
        #"{"key":"\#(base64(prefix))","range_end":"\#(Data(end).base64EncodedString())"}"#))
    return Dictionary((answer.kvs ?? []).map { ($0.name, $0) }) { first, _ in first }
  }

  /// The leases there are, as decimal numbers.
  package func leases() async throws -> [String] {
    try await decode(EtcdLeasesAnswer.self, from: call("/v3/lease/leases", "{}"))
      .leases?.map(\.id) ?? []
  }

  /// Grants a lease; its decimal number.
  package func grant(seconds: Int) async throws -> Int64 {
    let answer = try await decode(
      EtcdLeasesAnswer.Lease.self, from: call("/v3/lease/grant", #"{"TTL":\#(seconds)}"#))
    return Int64(answer.id) ?? 0
  }

  /// Ends a lease (a decimal number) as an operator does.
  package func revoke(_ lease: Int64) async throws {
    try await call("/v3/lease/revoke", #"{"ID":"\#(lease)"}"#)
  }

  package func status() async throws -> EtcdStatusAnswer {
    try await decode(EtcdStatusAnswer.self, from: call("/v3/maintenance/status", "{}"))
  }

  /// Forgets the history before `revision`.
  package func compact(to revision: String) async throws {
    try await call("/v3/kv/compaction", #"{"revision":"\#(revision)","physical":true}"#)
  }

  private func decode<Answer: Decodable>(
    _ type: Answer.Type, from text: String
  ) throws -> Answer {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
