internal import FaultCheckers
internal import Glibc
internal import Wire

/// What the keys of the program mean (lease.md §4.1): `nodes/<node>` is a session, `claims/<address>` a
/// claim.
enum StoreReading {
  static let prefix = "/announcer"

  static func claimKey(_ address: IPAddress) -> String { "\(prefix)/claims/\(address)" }

  /// The address that a key is the claim on; nil for every other key.
  static func claimed(_ key: String) -> IPAddress? {
    guard key.hasPrefix("\(prefix)/claims/") else { return nil }
    return IPAddress(key.dropFirst(prefix.count + 8))
  }

  /// The node that a key is the session of; nil for every other key.
  static func node(_ key: String) -> String? {
    guard key.hasPrefix("\(prefix)/nodes/") else { return nil }
    return String(key.dropFirst(prefix.count + 7))
  }

  static func picture(_ keys: [GatewayKey]) -> StorePicture {
    var picture = StorePicture()
    for key in keys {
      if let node = node(key.name) { picture.sessions[node] = key.leaseID }
      if let address = claimed(key.name) { picture.claims[address] = key.leaseID }
    }
    return picture
  }

  /// The changes that matter to the checkers.
  static func events(_ records: [HistoryRecorder.Record]) -> [StoreEvent] {
    records.compactMap { record in
      guard let change = change(record) else { return nil }
      return StoreEvent(revision: record.revision, seen: record.seen, change: change)
    }
  }

  private static func change(_ record: HistoryRecorder.Record) -> StoreEvent.Change? {
    if let node = node(record.key) {
      return record.isDelete
        ? .sessionEnded(node: node) : .session(node: node, lease: record.lease)
    }
    guard let address = claimed(record.key) else { return nil }
    return record.isDelete
      ? .released(address)
      : .claim(address, lease: record.lease, epoch: record.createRevision)
  }
}

func sleepBriefly() { usleep(10_000) }
