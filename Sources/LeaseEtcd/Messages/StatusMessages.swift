/// Asks a member what it is.
struct StatusRequest: Encodable, Sendable {}

/// Source: `message StatusResponse` in etcd's rpc.proto.
struct StatusAnswer: EtcdAnswer {
  var header: ResponseHeader?
  /// `3.4.23`.
  var version: String?
}
