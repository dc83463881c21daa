internal import FoundationEssentials
package import Lease

/// What stands in a preference's file: who shall have the address next, and which session says so.
///
/// It counts while that session lives, and is void after: the file alone proves nothing.
package struct PreferenceRecord: Codable, Equatable {
  /// The node that shall have the address.
  package var preferred: String
  /// The node whose session wrote this; its name leads to the session's file.
  package var node: String
  package var session: String

  package init(preferred: String, node: String, session: SessionID) {
    self.preferred = preferred
    self.node = node
    self.session = session.text
  }

  /// Nil where the octets are no such record.
  package init?(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, let record = try? JSONDecoder().decode(Self.self, from: Data(bytes))
    else { return nil }
    self = record
  }

  /// One line of JSON. No value in it can fail to encode.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
  }
}
