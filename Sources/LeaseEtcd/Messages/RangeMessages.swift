internal import FoundationEssentials

/// Reads a key, or all from `key` up to before `rangeEnd`; linearizable, as everything here.
struct RangeRequest: Encodable, Sendable {
  var key: Data
  var rangeEnd: Data?
  /// How many keys at most; nil for all.
  var limit: Int64?
  /// As it was then; nil for now.
  var revision: Int64?
  var isCountOnly: Bool?
  /// Without the values.
  var isKeysOnly: Bool?

  private enum CodingKeys: String, CodingKey {
    case key, limit, revision
    case rangeEnd = "range_end"
    case isCountOnly = "count_only"
    case isKeysOnly = "keys_only"
  }
}

struct RangeAnswer: EtcdAnswer {
  var header: ResponseHeader?
  /// Missing when there is none.
  var keyValues: [KeyValue]?
  /// There are keys beyond the limit.
  var more: Bool?

  private enum CodingKeys: String, CodingKey {
    case header, more
    case keyValues = "kvs"
  }
}
