internal import FoundationEssentials
internal import Lease
internal import Wire

/// Translates the watch's events into changes. Pure.
struct EtcdWatchNews: Sendable {
  let keys: EtcdKeys
  /// Whether a lease is one of this process.
  let isOwn: @Sendable (Int64) -> Bool

  func changes(_ events: [WatchEvent]) -> [StoreChange] {
    events.flatMap { event in
      let previous = event.previous
      switch keys.subject(of: event.keyValue.key) {
      case .node(let node):
        return event.isDeletion
          ? sessionGone(previous) : sessionWritten(event.keyValue, over: previous, node: node)
      case .claim(let address):
        return event.isDeletion
          ? [.freed(address, previous?.endedEpoch(isOwn: isOwn(previous?.lease ?? 0)))]
          : claimWritten(event.keyValue, over: previous, address)
      case .preference(let address):
        let record = event.isDeletion ? nil : event.keyValue.record(PreferenceRecord.self)
        return [.preferred(address, node: record?.node)]
      case .unknown: return []
      }
    }
  }

  /// Without what was there before nobody can tell whose session it was: read everything.
  private func sessionGone(_ previous: KeyValue?) -> [StoreChange] {
    [previous.map { .sessionEnded(SessionID(lease: $0.lease)) } ?? .missed]
  }

  private func sessionWritten(
    _ key: KeyValue, over previous: KeyValue?, node: String
  ) -> [StoreChange] {
    if let previous, previous.lease == key.lease { return [] }
    var changes: [StoreChange] = []
    if key.version > 1 { changes += sessionGone(previous) }
    if let session = key.session(node: node) { changes.append(.sessionOpened(session)) }
    return changes
  }

  private func claimWritten(
    _ key: KeyValue, over previous: KeyValue?, _ address: IPAddress
  ) -> [StoreChange] {
    // Another value, the same owner.
    if let previous, previous.lease == key.lease, key.lease != 0 { return [] }
    return [.claimed(address, key.holder(isOwn: isOwn(key.lease)))]
  }
}
