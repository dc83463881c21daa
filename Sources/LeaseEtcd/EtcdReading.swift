internal import FoundationEssentials
internal import Lease
internal import Wire

/// Makes a picture of the keys below the prefix, and notes which of them are not as they should be.
struct EtcdReading: Sendable {
  let keys: EtcdKeys
  /// Whether a lease is one of this process.
  let isOwn: @Sendable (Int64) -> Bool

  var picture = StorePicture(sessions: [], claims: [:])
  var memory = EtcdMemory()
  /// Which revision this is.
  var revision: Int64 = 0
  var troubles: [Data: StoreFailure] = [:]

  init(keys: EtcdKeys, isOwn: @escaping @Sendable (Int64) -> Bool) {
    self.keys = keys
    self.isOwn = isOwn
  }

  mutating func add(_ key: KeyValue) {
    troubles[key.key] = keys.trouble(of: key)
    switch keys.subject(of: key.key) {
    case .node(let node):
      memory.nodes[node] = key.lease
      if let session = key.session(node: node) { picture.sessions.append(session) }
    case .claim(let address):
      let isOwn = isOwn(key.lease)
      memory.claims[address] = key.remembered(isOwn: isOwn)
      picture.claims[address] = key.holder(isOwn: isOwn)
    case .preference(let address):
      picture.preferences[address] = key.record(PreferenceRecord.self)?.node
    case .unknown: break
    }
  }
}

extension EtcdKeys {
  /// What is wrong with a key below the prefix; nil for what an announcer wrote.
  func trouble(of key: KeyValue) -> StoreFailure? {
    switch subject(of: key.key) {
    case .node:
      guard key.lease == 0 else { return nil }
      return StoreFailure(
        .unintelligible,
        "the key \(key.name) has no lease: no announcer wrote it, and none can use the name until "
          + "it is deleted (etcdctl del \(key.name))")
    case .claim: return key.claimDefect
    case .preference:
      guard key.record(PreferenceRecord.self) == nil else { return nil }
      return StoreFailure(
        .unintelligible, "the key \(key.name) holds something that is no preference; it is ignored")
    case .unknown:
      return StoreFailure(
        .misconfigured,
        "the key \(key.name) is no announcer's: `lease.etcd.prefix` \(prefix) is not ours alone; "
          + "it is left alone")
    }
  }
}
