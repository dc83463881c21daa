internal import FoundationEssentials
internal import HTTPTransport

/// One key as the store has it.
///
/// Source: `message KeyValue` in etcd's kv.proto.
struct KeyValue: Decodable, Sendable {
  var key: Data
  /// Missing in the event of a deletion.
  var value: Data?
  /// The revision that made the key.
  @ZeroIfMissing var createRevision: Int64
  /// The revision that last wrote it.
  @ZeroIfMissing var modRevision: Int64
  /// How often it has been written since it was made.
  @ZeroIfMissing var version: Int64
  /// The lease with which it ends; zero for none.
  @ZeroIfMissing var lease: Int64

  private enum CodingKeys: String, CodingKey {
    case key, value, version, lease
    case createRevision = "create_revision"
    case modRevision = "mod_revision"
  }

  /// For people; a stranger's may contain anything.
  var name: String { String(decoding: key, as: UTF8.self).oneLine }
}
