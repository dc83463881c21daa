internal import FoundationEssentials
internal import LANTestKit
internal import LinuxSystem
internal import Wire

/// What an operator does to a member of the store: through its JSON gateway, from the member's own
/// namespace, which no partition cuts off.
struct Gateway: Sendable {
  let host: Host
  let address: IPv4Address
  var token: String?

  /// One call; its answer. An error for everything but HTTP 200.
  @discardableResult
  func call<Answer: Decodable & Sendable>(
    _ path: String, _ body: String, as type: Answer.Type, withinMilliseconds limit: Int = 3000
  ) async throws -> Answer {
    let (address, token) = (address, token)
    return try await host.inNamespace {
      var connection = try GatewayConnection(
        to: address, path: path, body: body, token: token, limit: limit)
      let deadline = ContinuousClock.now + .milliseconds(limit)
      var answer: [UInt8] = []
      while let part = try connection.read() {
        answer += part
        guard ContinuousClock.now < deadline else { throw HarnessError("\(path): no answer") }
      }
      let text = String(decoding: answer, as: UTF8.self)
      guard connection.status == 200 else {
        throw HarnessError("\(path) at \(address): \(connection.status ?? 0) \(text.prefix(300))")
      }
      return try JSONDecoder().decode(Answer.self, from: Data(answer))
    }
  }

  /// Writes a key; the revision that made.
  @discardableResult
  func put(
    _ key: String, _ value: String, lease: Int64 = 0, withinMilliseconds limit: Int = 3000
  ) async throws -> Int64 {
    try await call(
      "/v3/kv/put",
      #"{"key":"\#(base64(key))","value":"\#(base64(value))","lease":"\#(lease)"}"#,
      as: PlainAnswer.self, withinMilliseconds: limit
    ).header?.revision?.value ?? 0
  }

  @discardableResult
  func delete(_ key: String) async throws -> Int64 {
    try await call(
      "/v3/kv/deleterange", #"{"key":"\#(base64(key))"}"#, as: PlainAnswer.self
    ).header?.revision?.value ?? 0
  }

  /// Every key that begins with `prefix`; a linearizable read.
  func keys(_ prefix: String) async throws -> RangeAnswer {
    try await call(
      "/v3/kv/range",
      #"{"key":"\#(base64(prefix))","range_end":"\#(base64(Self.successor(of: prefix)))"}"#,
      as: RangeAnswer.self)
  }

  func leases() async throws -> Set<Int64> {
    Set(
      try await call("/v3/lease/leases", "{}", as: LeasesAnswer.self).leases?.map(\.ID.value) ?? [])
  }

  func revoke(_ lease: Int64) async throws {
    try await call("/v3/lease/revoke", #"{"ID":"\#(lease)"}"#, as: PlainAnswer.self)
  }

  func compact(to revision: Int64) async throws {
    try await call(
      "/v3/kv/compaction", #"{"revision":"\#(revision)","physical":true}"#, as: PlainAnswer.self)
  }

  func status() async throws -> MemberStatus {
    try await call("/v3/maintenance/status", "{}", as: MemberStatus.self)
  }

  /// The first key after all that begin with `prefix`.
  static func successor(of prefix: String) -> String {
    var octets = Array(prefix.utf8)
    octets[octets.count - 1] += 1
    return String(decoding: octets, as: UTF8.self)
  }
}

func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
