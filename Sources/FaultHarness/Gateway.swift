internal import FoundationEssentials
internal import LANTestKit
internal import Wire

/// What an operator does to a member of the store: through its JSON gateway, from the member's own
/// namespace, which no partition cuts off.
struct Gateway: Sendable {
  let host: Host
  let address: IPv4Address
  /// Who asks, where the store wants to know.
  var user: User?

  struct User: Hashable, Sendable {
    let name: String
    let password: String
  }

  /// One call; its answer. An error for everything but HTTP 200.
  @discardableResult
  func call<Answer: Decodable & Sendable>(
    _ path: String, _ body: String, as type: Answer.Type, withinMilliseconds limit: Int = 3000
  ) async throws -> Answer {
    try await host.inNamespace {
      try blockingCall(path, body, as: type, limit: limit)
    }
  }

  /// As `call`, by a thread that is in the member's namespace already. With a user each call gets
  /// a token of its own: this one's never expires.
  func blockingCall<Answer: Decodable>(
    _ path: String, _ body: String, as type: Answer.Type, limit: Int
  ) throws -> Answer {
    try decode(type, path, body, token: blockingToken(limit: limit), limit: limit)
  }

  /// A token for `user`; nil where nobody asks for one.
  func blockingToken(limit: Int) throws -> String? {
    try user.map {
      try decode(
        TokenAnswer.self, "/v3/auth/authenticate",
        #"{"name":"\#($0.name)","password":"\#($0.password)"}"#, token: nil, limit: limit
      ).token
    }
  }

  private func decode<Answer: Decodable>(
    _ type: Answer.Type, _ path: String, _ body: String, token: String?, limit: Int
  ) throws -> Answer {
    var connection = try GatewayConnection(
      to: address, path: path, body: body, token: token, limit: limit)
    return try decodeGateway(type, connection.readAll(path, limit: limit))
  }

  /// What a page of the member says, such as `/metrics`.
  func get(_ path: String) async throws -> String {
    let address = address
    return try await host.inNamespace {
      var connection = try GatewayConnection(to: address, path: path, body: nil, limit: 3000)
      return String(decoding: try connection.readAll(path, limit: 3000), as: UTF8.self)
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
      try await call("/v3/lease/leases", "{}", as: LeasesAnswer.self).leases?.map(\.id.value) ?? [])
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
