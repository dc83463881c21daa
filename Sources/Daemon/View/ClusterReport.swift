internal import Announcer
internal import Control
internal import Lease
internal import Time
internal import Wire

/// Says what a survey of the store means to people, beside what this node knows itself. Pure.
struct ClusterReport {
  let knowledge: NodeKnowledge
  /// What this node has held from before the survey until after it.
  let believed: [IPAddress: Epoch]

  /// - Parameter took: how long the store took to answer.
  func status(_ survey: StoreSurvey, took: Duration) -> ClusterStatus {
    let sessions = Dictionary(survey.sessions.map { ($0.id, $0) }) { first, _ in first }
    var counts: [SessionID: Int] = [:]
    for claim in survey.claims.values where claim.defect == nil || claim.endsWithin != nil {
      counts[claim.holder.session, default: 0] += 1
    }
    let addresses = Set(survey.claims.keys).union(survey.preferences.keys)
      .union(knowledge.wanted).union(believed.keys).sorted()
    return ClusterStatus(
      version: knowledge.version, node: knowledge.node,
      store: ClusterStore(
        backend: knowledge.backend, endpoint: knowledge.place, reachable: true, ageMs: 0,
        answeredInMs: took.milliseconds),
      nodes: survey.sessions.map { node($0, claims: counts[$0.id] ?? 0) }
        .sorted { ($0.name, $0.session ?? "") < ($1.name, $1.session ?? "") },
      addresses: addresses.map { address in
        let claim = survey.claims[address]
        return self.address(
          address, claim, claim.flatMap { sessions[$0.holder.session] },
          preferred: survey.preferences[address])
      }, warnings: warnings(survey))
  }

  // MARK: Nodes

  private func node(_ session: SurveyedSession, claims: Int) -> ClusterNode {
    let state: ClusterNode.State =
      !session.isRecorded ? .dead : session.isOverdue ? .overdue : .live
    var sinceRenewal: Duration?
    if session.isRecorded, let timeToLive = session.timeToLive, let left = session.endsWithin {
      sinceRenewal = max(timeToLive - left, .zero)
    }
    return ClusterNode(
      name: session.node, session: session.id.text, state: state,
      isSelf: session.id == knowledge.session, claims: claims,
      durationMs: session.timeToLive.map { Int($0.milliseconds) },
      sinceRenewalMs: sinceRenewal.map { Int($0.milliseconds) },
      endsInMs: session.endsWithin.map { Int($0.milliseconds) }, host: session.facts.host,
      pid: session.facts.processID, since: session.facts.since.flatMap { WallTime(rfc3339: $0) },
      version: session.facts.version, reason: reason(session, state, claims: claims))
  }

  private func reason(
    _ session: SurveyedSession, _ state: ClusterNode.State, claims: Int
  ) -> String? {
    switch state {
    case .overdue:
      return
        "it has missed a renewal: its claims are free\(Self.within(session)) unless it comes back"
    case .dead where session.endsWithin == nil:
      return "its record is gone from the store: its claims are free when its process ends"
    case .dead:
      return "its record is gone from the store: its claims are free\(Self.within(session))"
    default: return nil
    }
  }

  private static func within(_ session: SurveyedSession) -> String {
    session.endsWithin.map { " within \(ClusterText.seconds(Int($0.milliseconds)))" } ?? " soon"
  }

  // MARK: Addresses

  private func address(
    _ address: IPAddress, _ claim: SurveyedClaim?, _ session: SurveyedSession?, preferred: String?
  ) -> ClusterAddress {
    guard let claim else {
      let station = knowledge.stations[address]
      return ClusterAddress(
        address: address.description, state: station == nil ? .free : .taken, preferred: preferred,
        reason: contradiction(address, nil) ?? station.map(Self.words))
    }
    var result = ClusterAddress(
      address: address.description, state: .held, holder: claim.holder.node,
      session: claim.holder.session.text,
      epoch: claim.holder.epoch == .unknown ? nil : claim.holder.epoch.number,
      since: claim.since.flatMap { WallTime(rfc3339: $0) },
      interfaces: claim.note?.interfaces ?? [],
      hardwareAddress: claim.note.flatMap { $0.hardwareAddress.isEmpty ? nil : $0.hardwareAddress },
      preferred: preferred)
    if let defect = claim.defect {
      result.state = claim.endsWithin == nil ? .foreign : .expiring
      result.freeInMs = claim.endsWithin.map { Int($0.milliseconds) }
      result.reason = defect
    } else if let session, !session.isRecorded || session.isOverdue {
      result.state = .expiring
      result.freeInMs = session.endsWithin.map { Int($0.milliseconds) }
      let whose = session.isRecorded ? "overdue" : "dead"
      let when =
        session.endsWithin == nil ? "free when its process ends" : "free\(Self.within(session))"
      result.reason = "held by \(session.node)'s \(whose) session, \(when)"
    }
    if let duty = Duty(address) {
      let words = "stands for \(duty)"
      result.reason = result.reason.map { "\(words); \($0)" } ?? words
    }
    if let contradiction = contradiction(address, claim) {
      result.reason = result.reason.map { "\(contradiction); \($0)" } ?? contradiction
    }
    return result
  }

  private static func words(about station: KnownAddresses.Station) -> String {
    "nobody has claimed it here, and the station \(station.hardwareAddress) on \(station.link) answers for it: a node "
      + "with another lease, perhaps"
  }

  /// What this node believes against what the store says.
  private func contradiction(_ address: IPAddress, _ claim: SurveyedClaim?) -> String? {
    guard let epoch = believed[address] else { return nil }
    let node = knowledge.node
    guard let claim else {
      return "\(node) believes that it holds it, and the store knows no such claim"
    }
    if claim.holder.session == knowledge.session, claim.holder.epoch == epoch { return nil }
    let who = claim.holder.node == node ? "another session of \(node)" : claim.holder.node
    return "\(node) believes that it holds it itself, and the store says that \(who) does"
  }

  // MARK: Warnings

  private func warnings(_ survey: StoreSurvey) -> [String] {
    var warnings: [String] = []
    let contradicted = believed.keys.filter { contradiction($0, survey.claims[$0]) != nil }
    if !contradicted.isEmpty {
      warnings.append(
        "\(knowledge.node) believes that it holds what the store does not give it: "
          + Self.list(contradicted.sorted().map(\.description)))
    }
    let versions = Dictionary(grouping: survey.sessions.filter(\.isRecorded)) { session in
      session.facts.version ?? "an older version"
    }
    if versions.count > 1 {
      let texts = versions.sorted { $0.key < $1.key }.map { version, sessions in
        "\(version) on \(Self.list(sessions.map(\.node).sorted()))"
      }
      warnings.append("the nodes run different versions: \(texts.joined(separator: "; "))")
    }
    if knowledge.session == nil {
      warnings.append("\(knowledge.node) has no session itself: `announcer status` says why")
    }
    return warnings + survey.troubles
  }

  /// `a, b, c, d and 12 more`.
  private static func list(_ words: [String]) -> String {
    let shown = words.prefix(4).joined(separator: ", ")
    return words.count > 4 ? "\(shown) and \(words.count - 4) more" : shown
  }
}
