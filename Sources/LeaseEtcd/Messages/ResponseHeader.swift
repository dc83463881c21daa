/// Who answered, and in which state of the cluster.
///
/// Source: `message ResponseHeader` in etcd's rpc.proto.
struct ResponseHeader: Decodable, Sendable {
  @ZeroIfMissing var cluster: UInt64
  @ZeroIfMissing var member: UInt64
  /// The store's revision when the answer was made.
  @ZeroIfMissing var revision: Int64
  /// The term of the leader that the answering member followed then.
  @ZeroIfMissing var term: UInt64

  private enum CodingKeys: String, CodingKey {
    case cluster = "cluster_id"
    case member = "member_id"
    case revision
    case term = "raft_term"
  }
}

/// What every answer to a call has in common.
protocol EtcdAnswer: Decodable, Sendable {
  /// Missing from whatever is no answer of etcd's.
  var header: ResponseHeader? { get }
}
