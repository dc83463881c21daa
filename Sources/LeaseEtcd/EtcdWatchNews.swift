internal import FoundationEssentials
internal import Lease
internal import Wire

/// Translates the watch's events into changes. Pure.
struct EtcdWatchNews: Sendable {
  let keys: EtcdKeys
  /// Whether a lease is one of this process.
  let isOwn: @Sendable (Int64) -> Bool
  /// How things stood before the next event.
  var memory = EtcdMemory()

  init(keys: EtcdKeys, isOwn: @escaping @Sendable (Int64) -> Bool) {
    self.keys = keys
    self.isOwn = isOwn
  }

  mutating func changes(_ events: [WatchEvent]) -> [StoreChange] {
    var changes: [StoreChange] = []
    for event in events {
      let key = event.keyValue
      switch keys.subject(of: key.key) {
      case .node(let node):
        changes += event.isDeletion ? sessionGone(node) : sessionWritten(key, node: node)
      case .claim(let address):
        if event.isDeletion {
          changes.append(.freed(address, memory.claims.removeValue(forKey: address)?.epoch))
        } else {
          changes += claimWritten(key, address)
        }
      case .preference(let address):
        let record = event.isDeletion ? nil : key.record(PreferenceRecord.self)
        changes.append(.preferred(address, node: record?.node))
      case .unknown: break
      }
    }
    return changes
  }

  /// A key that was there without our knowledge: nobody can tell whose session it was; read everything.
  private mutating func sessionGone(_ node: String) -> [StoreChange] {
    [memory.nodes.removeValue(forKey: node).map { .sessionEnded(SessionID(lease: $0)) } ?? .missed]
  }

  private mutating func sessionWritten(_ key: KeyValue, node: String) -> [StoreChange] {
    if memory.nodes[node] == key.lease { return [] }
    var changes: [StoreChange] = []
    if key.version > 1 { changes += sessionGone(node) }
    memory.nodes[node] = key.lease
    if let session = key.session(node: node) { changes.append(.sessionOpened(session)) }
    return changes
  }

  private mutating func claimWritten(_ key: KeyValue, _ address: IPAddress) -> [StoreChange] {
    let isOwn = isOwn(key.lease)
    let former = memory.claims[address]
    memory.claims[address] = key.remembered(isOwn: isOwn)
    // Another value, the same owner.
    if former?.lease == key.lease, key.lease != 0 { return [] }
    return [.claimed(address, key.holder(isOwn: isOwn))]
  }
}
