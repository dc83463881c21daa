internal import Lease
internal import Time
internal import Wire

/// Records coming in.
extension LeaseTable {
  /// An event of the watch. Events come in the order of versions, so that everything older is told.
  mutating func apply(event record: LeaseRecord, isDeletion: Bool, at now: Instant) {
    pass(to: now)
    defer { delivered = max(delivered, record.version) }
    // Lists contain what is older than they are.
    guard record.version > horizon else { return }
    if isDeletion {
      remove(record.name, record.subject, version: record.version)
    } else {
      apply(record)
    }
  }

  /// A bookmark of the watch: nothing of ours happened up to that version that has not been told.
  mutating func passed(_ version: UInt64, at now: Instant) {
    pass(to: now)
    delivered = max(delivered, version)
  }

  /// The answer to a call about one Lease, at any time after it was so.
  mutating func apply(answer record: LeaseRecord, at now: Instant) {
    pass(to: now)
    guard record.version > horizon else { return }
    apply(record)
  }

  /// A consistent list of everything, as it was at a version.
  mutating func replace(_ records: [LeaseRecord], version: UInt64, at now: Instant) {
    pass(to: now)
    guard version >= horizon else { return }
    let names = Set(records.map(\.name))
    // Nodes first: they say which sessions have ended, and who is unknown.
    for record in records {
      if case .claim = record.subject { continue }
      apply(record)
    }
    for (name, entry) in nodes where !names.contains(name) && entry.version <= version {
      removeNode(name)
    }
    for record in records {
      if case .claim = record.subject { apply(record) }
    }
    for (address, entry) in claims where entry.record != nil && entry.version <= version {
      let name = LeaseNames.claim(address)
      if !names.contains(name) { removeClaim(address, version: version, name: name) }
    }
    horizon = version
    delivered = max(delivered, version)
  }

  /// A version older than what is known of a Lease is no news.
  private func isNews(_ name: String, _ subject: LeaseRecord.Subject, _ version: UInt64) -> Bool {
    if let grave = tombstones[name], version <= grave.version { return false }
    switch subject {
    case .node: return version > nodes[name]?.version ?? 0
    case .claim(let address, _): return version > claims[address]?.version ?? 0
    case .unknown: return true
    }
  }

  private mutating func apply(_ record: LeaseRecord) {
    guard isNews(record.name, record.subject, record.version) else { return }
    tombstones[record.name] = nil
    guard record.isOurs else {
      // The watch does not see it, so that for everybody else it is gone.
      return remove(record.name, record.subject, version: record.version)
    }
    switch record.subject {
    case .node(let node):
      apply(node, name: record.name, uid: record.uid, version: record.version)
    case .claim(let address, let claim):
      apply(claim, of: address, uid: record.uid, version: record.version, name: record.name)
    case .unknown:
      note(
        StoreFailure(
          .misconfigured,
          "the Lease \(record.name) has the announcers' label and none of their names: it is left alone"
        ), of: record.name)
    }
  }

  private mutating func remove(_ name: String, _ subject: LeaseRecord.Subject, version: UInt64) {
    if let grave = tombstones[name], version <= grave.version { return }
    switch subject {
    case .node:
      guard version >= nodes[name]?.version ?? 0 else { return }
      removeNode(name)
    case .claim(let address, _):
      guard version >= claims[address]?.version ?? 0 else { return }
      removeClaim(address, version: version, name: name)
    case .unknown: note(nil, of: name)
    }
    tombstones[name] = (version, now)
  }
}
