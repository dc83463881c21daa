internal import Lease
internal import Time
internal import Wire

/// What people are told of the table.
extension LeaseTable {
  /// Everything as it is for all that we may assume, with how long it stays so.
  ///
  /// - Parameter facts: what the Leases say beside, which decides nothing.
  func survey(_ facts: LeaseFacts) -> StoreSurvey {
    var survey = StoreSurvey(preferences: picture().preferences, troubles: facts.allTroubles)
    for (id, session) in sessions where session.state != .ended {
      // Names in claims whose Leases others have taken away stand for nothing.
      guard session.isKnownByLease || session.claims.contains(where: { holder(of: $0) != nil })
      else { continue }
      survey.sessions.append(surveyed(id, session, facts.sessions[id] ?? SessionFacts()))
    }
    for address in claims.keys {
      guard let holder = holder(of: address) else { continue }
      survey.claims[address] = surveyed(address, holder, facts.claims[address])
    }
    return survey
  }

  private func surveyed(
    _ id: SessionID, _ session: Session, _ facts: SessionFacts
  ) -> SurveyedSession {
    var surveyed = SurveyedSession(
      id: id, node: session.node, timeToLive: session.duration, facts: facts)
    switch session.state {
    case .live(_, let seenAt): surveyed.endsWithin = max(seenAt + session.duration - now, .zero)
    case .doomed(let end):
      surveyed.isRecorded = false
      surveyed.endsWithin = max(end - now, .zero)
    case .ended: break
    }
    return surveyed
  }

  private func surveyed(
    _ address: IPAddress, _ holder: Holder, _ facts: LeaseFacts.Claim?
  ) -> SurveyedClaim {
    var claim = SurveyedClaim(holder: holder, since: facts?.since, note: facts?.note)
    guard let entry = claims[address] else { return claim }
    let name = LeaseNames.claim(address)
    if entry.record?.hasStrategy ?? false { claim.defect = Self.strategyTrouble(name).text }
    if let former = entry.former, former.until > now {
      claim.endsWithin = former.until - now
      let what = entry.record == nil ? "deleted" : "changed by hand"
      claim.defect =
        claim.defect
        ?? "the Lease \(name) was \(what) while node \(former.holder.node) held it, which may not know yet"
    }
    return claim
  }
}
