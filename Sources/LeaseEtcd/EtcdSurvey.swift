internal import FoundationEssentials
internal import HTTPTransport
internal import Lease
internal import Wire

/// Makes a survey of the keys below the prefix, page by page; how long leases last is asked afterwards.
struct EtcdSurvey: Sendable {
  let keys: EtcdKeys
  /// Whether a lease is one of this process.
  let isOwn: @Sendable (Int64) -> Bool

  private(set) var survey = StoreSurvey()
  /// The nodes of claims by their leases.
  private var claimants: [Int64: String] = [:]
  private var nodes: [(lease: Int64, session: SurveyedSession)] = []
  private var troubles: [String] = []
  /// How many more keys were strange than are told of.
  private var untold = 0

  /// More strange keys than this are counted, not told.
  private static let mostTroubles = 16

  init(keys: EtcdKeys, isOwn: @escaping @Sendable (Int64) -> Bool) {
    self.keys = keys
    self.isOwn = isOwn
  }

  mutating func add(_ key: KeyValue) {
    switch keys.subject(of: key.key) {
    case .node(let node):
      tell(keys.trouble(of: key))
      guard key.lease != 0 else { return }
      let facts = key.record(NodeRecord.self)?.facts ?? SessionFacts()
      let session = SurveyedSession(id: SessionID(lease: key.lease), node: node, facts: facts)
      nodes.append((key.lease, session))
    case .claim(let address): addClaim(key, address)
    case .preference(let address):
      tell(keys.trouble(of: key))
      survey.preferences[address] = key.record(PreferenceRecord.self)?.node.oneLine
    case .unknown: tell(keys.trouble(of: key))
    }
  }

  private mutating func addClaim(_ key: KeyValue, _ address: IPAddress) {
    let record = key.record(ClaimRecord.self)
    let holder = Holder(
      node: record?.node.oneLine ?? KeyValue.unreadableNode, session: SessionID(lease: key.lease),
      epoch: key.epoch(isOwn: isOwn(key.lease)))
    var claim = SurveyedClaim(holder: holder, since: record?.since)
    // What it says of itself, and a claim without lease has no end to wait for.
    if record == nil || key.lease == 0 { claim.defect = key.claimDefect?.text }
    claim.note = record.flatMap { record in
      record.interface.map { names in
        ClaimNote(
          interfaces: names.split(separator: ",").map { String($0).oneLine },
          hardwareAddress: record.hardwareAddress?.oneLine ?? "")
      }
    }
    survey.claims[address] = claim
    if claim.defect == nil { claimants[key.lease] = holder.node }
  }

  private mutating func tell(_ trouble: StoreFailure?) {
    guard let trouble else { return }
    if troubles.count < Self.mostTroubles { troubles.append(trouble.text) } else { untold += 1 }
  }

  /// The leases that sessions and claims have.
  var leases: [Int64] { Set(nodes.map(\.lease)).union(claimants.keys).sorted() }

  /// The survey, with what etcd says of each lease.
  func finished(_ standings: [Int64: LeaseStanding]) -> StoreSurvey {
    var survey = survey
    survey.troubles = troubles
    if untold > 0 { survey.troubles.append("\(untold) more keys are no announcer's") }
    survey.sessions = nodes.map(\.session)
    let recorded = Set(nodes.map(\.lease))
    for (lease, node) in claimants where !recorded.contains(lease) {
      survey.sessions.append(
        SurveyedSession(id: SessionID(lease: lease), node: node, isRecorded: false))
    }
    for index in survey.sessions.indices {
      let standing = survey.sessions[index].id.lease.flatMap { standings[$0] }
      survey.sessions[index].timeToLive = standing?.granted
      survey.sessions[index].endsWithin = standing?.endsWithin
    }
    return survey
  }
}

extension NodeRecord {
  fileprivate var facts: SessionFacts {
    SessionFacts(
      host: host?.oneLine, processID: pid, since: since?.oneLine, version: version?.oneLine)
  }
}
