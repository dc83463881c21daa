/// Asks for a lease; the server chooses its number.
struct GrantRequest: Encodable, Sendable {
  /// Whole seconds.
  @ZeroIfMissing var timeToLive: Int64

  private enum CodingKeys: String, CodingKey { case timeToLive = "TTL" }
}

struct GrantAnswer: EtcdAnswer {
  var header: ResponseHeader?
  @ZeroIfMissing var lease: Int64
  @ZeroIfMissing var timeToLive: Int64

  private enum CodingKeys: String, CodingKey {
    case header
    case lease = "ID"
    case timeToLive = "TTL"
  }
}

/// Names a lease, to be renewed or revoked.
struct LeaseRequest: Encodable, Sendable {
  @ZeroIfMissing var lease: Int64

  private enum CodingKeys: String, CodingKey { case lease = "ID" }
}

/// The first message of the stream that answers a renewal.
struct KeepAliveAnswer: EtcdAnswer {
  var result: GrantAnswer?

  var header: ResponseHeader? { result?.header }
}

/// How many whole seconds a lease still has, or -1 for none; and of how many.
struct LeaseStandingAnswer: EtcdAnswer {
  var header: ResponseHeader?
  @ZeroIfMissing var timeToLive: Int64
  @ZeroIfMissing var granted: Int64

  private enum CodingKeys: String, CodingKey {
    case header
    case timeToLive = "TTL"
    case granted = "grantedTTL"
  }
}

struct RevokeAnswer: EtcdAnswer {
  var header: ResponseHeader?
}
