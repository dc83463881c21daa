internal import FoundationEssentials

/// Asks for everything that happens to keys from `key` up to before `rangeEnd`.
struct WatchRequest: Encodable, Sendable {
  struct Creation: Encodable, Sendable {
    var key: Data
    var rangeEnd: Data
    @ZeroIfMissing var startRevision: Int64

    private enum CodingKeys: String, CodingKey {
      case key
      case rangeEnd = "range_end"
      case startRevision = "start_revision"
    }
  }

  var creation: Creation

  private enum CodingKeys: String, CodingKey { case creation = "create_request" }
}

/// One line of a watch's stream.
struct WatchLine: Decodable, Sendable {
  var result: WatchMessage?
  /// The stream is over.
  var error: GatewayError.Details?
}

struct WatchMessage: Decodable, Sendable {
  var header: ResponseHeader?
  /// The watch listens from now on.
  var created: Bool?
  /// The watch is over.
  var canceled: Bool?
  /// Set when it is over because what it asked for was compacted away.
  @ZeroIfMissing var compactRevision: Int64
  var cancelReason: String?
  var events: [WatchEvent]?

  private enum CodingKeys: String, CodingKey {
    case header, created, canceled, events
    case compactRevision = "compact_revision"
    case cancelReason = "cancel_reason"
  }
}

struct WatchEvent: Decodable, Sendable {
  /// `DELETE`; missing for a PUT.
  var type: String?
  var keyValue: KeyValue

  private enum CodingKeys: String, CodingKey {
    case type
    case keyValue = "kv"
  }

  var isDeletion: Bool { type == "DELETE" }
}
