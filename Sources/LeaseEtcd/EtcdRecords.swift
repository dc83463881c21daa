internal import FoundationEssentials
internal import Lease
internal import Wire

/// What stands in a node's key: for people and for `status`. The key's lease decides everything.
struct NodeRecord: Codable, Sendable {
  var node: String
  var session: String
  var host: String?
  var pid: Int32?
  /// UTC.
  var since: String?
  /// Of the announcer.
  var version: String?

  var details: String {
    [host.map { "host \($0)" }, pid.map { "pid \($0)" }, since.map { "since \($0)" }]
      .compactMap(\.self).joined(separator: ", ")
  }
}

/// What stands in a claim's key. The node is told by it; whose the claim is, by the key's lease.
struct ClaimRecord: Codable, Sendable {
  var node: String
  var session: String
  /// The interfaces that the address is announced on, when the claim was made.
  var interface: String?
  var hardwareAddress: String?
  /// UTC.
  var since: String?

  init(node: String, session: SessionID, note: ClaimNote?, since: String) {
    self.node = node
    self.session = session.text
    interface = note.map { $0.interfaces.joined(separator: ",") }
    hardwareAddress = note?.hardwareAddress
    self.since = since
  }
}

/// What stands in a preference's key.
struct PreferenceRecord: Codable, Sendable {
  var node: String
  var session: String
}

extension Encodable {
  /// One line of JSON, the same for equal values. None of ours can fail to encode.
  var json: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)) ?? Data()
  }
}

extension KeyValue {
  /// The value read as a record; nil where it is none.
  func record<Record: Decodable>(_ type: Record.Type) -> Record? {
    value.flatMap { try? JSONDecoder().decode(type, from: $0) }
  }
}
