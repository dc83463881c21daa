internal import FoundationEssentials
internal import Lease
internal import Wire

/// Makes a picture of the keys below the prefix, and notes which of them are not as they should be.
struct EtcdReading: Sendable {
  let keys: EtcdKeys
  /// Whether a lease is one of this process.
  let isOwn: @Sendable (Int64) -> Bool
  /// There are no values: the memory is made, and nothing else.
  let isForWatch: Bool

  var picture = StorePicture(sessions: [], claims: [:])
  var memory = EtcdMemory()
  /// Which revision this is.
  var revision: Int64 = 0
  var troubles: [Data: StoreFailure] = [:]

  init(keys: EtcdKeys, isOwn: @escaping @Sendable (Int64) -> Bool, isForWatch: Bool = false) {
    self.keys = keys
    self.isOwn = isOwn
    self.isForWatch = isForWatch
  }

  mutating func add(_ key: KeyValue) {
    let subject = keys.subject(of: key.key)
    if isForWatch { return remember(key, subject) }
    // A value is read once: tens of thousands of claims shall not take seconds.
    let claim =
      if case .claim = subject { key.record(ClaimRecord.self) } else { nil as ClaimRecord? }
    if let trouble = keys.trouble(of: key, subject, claim) { troubles[key.key] = trouble }
    remember(key, subject)
    switch subject {
    case .node(let node):
      if let session = key.session(node: node) { picture.sessions.append(session) }
    case .claim(let address):
      picture.claims[address] = key.holder(isOwn: isOwn(key.lease), claim)
    case .preference(let address):
      picture.preferences[address] = key.record(PreferenceRecord.self)?.node
    case .unknown: break
    }
  }

  private mutating func remember(_ key: KeyValue, _ subject: EtcdKeys.Subject) {
    switch subject {
    case .node(let node): memory.nodes[node] = key.lease
    case .claim(let address):
      memory.claims[address] = key.remembered(isOwn: isOwn(key.lease))
    case .preference, .unknown: break
    }
  }
}

extension EtcdKeys {
  /// What is wrong with a key below the prefix; nil for what an announcer wrote.
  func trouble(of key: KeyValue) -> StoreFailure? {
    trouble(of: key, subject(of: key.key), key.record(ClaimRecord.self))
  }

  /// The same where it is known what the key is about, and what its value says if that is a claim.
  func trouble(of key: KeyValue, _ subject: Subject, _ claim: ClaimRecord?) -> StoreFailure? {
    switch subject {
    case .node:
      guard key.lease == 0 else { return nil }
      return StoreFailure(
        .unintelligible,
        "the key \(key.name) has no lease: no announcer wrote it, and none can use the name until "
          + "it is deleted (etcdctl del \(key.name))")
    case .claim: return key.defect(of: claim)
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
