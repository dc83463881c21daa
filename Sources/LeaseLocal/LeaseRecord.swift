internal import FoundationEssentials
package import Lease

/// What stands in a session's or a claim's file: for people, for `status`, and for the next owner.
///
/// It decides nothing but whether the file itself can be trusted (`inode`); who holds what is decided
/// by the lock alone.
package struct LeaseRecord: Codable, Equatable {
  package enum State: String, Codable {
    /// Locked when this was written. After a crash the file still says so, without a lock.
    case held
    /// Given back in an orderly way.
    case free
  }

  package var state: State
  var node: String
  var session: String
  var pid: Int32
  /// UTC, for people only.
  var since: String
  /// The boot clock under the lock, in nanoseconds.
  package var epoch: UInt64
  /// The file this was written into by an owner who had waited until a deleted predecessor of the file
  /// had no owner any more. Another number, or none: a new file, not to be trusted at once.
  var inode: UInt64
  /// Of the announcer, in a session's file.
  var version: String?

  /// Nil where the octets are no such record: empty, cut short, or somebody else's.
  package init?(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, let record = try? JSONDecoder().decode(Self.self, from: Data(bytes))
    else { return nil }
    self = record
  }

  package init(
    node: String, session: SessionID, pid: Int32, since: String, epoch: Epoch, inode: UInt64
  ) {
    state = .held
    self.node = node
    self.session = session.text
    self.pid = pid
    self.since = since
    self.epoch = epoch.number
    self.inode = inode
  }

  /// One line of JSON. No value in it can fail to encode.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
  }

  package var holder: Holder {
    Holder(node: node, session: SessionID(session), epoch: Epoch(epoch))
  }

  package var description: SessionDescription {
    SessionDescription(id: SessionID(session), node: node, details: "pid \(pid), since \(since)")
  }

  /// The time of day in UTC, to the second.
  static func timeOfDay() -> String { Date.now.formatted(.iso8601) }
}
