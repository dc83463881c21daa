internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

extension LeaseDirectory {
  /// Reads every file for people: locks are tested, none is taken (`fcntl(2)`, F_OFD_GETLK), and no
  /// watcher wakes.
  ///
  /// It needs nothing of the store's thread, which has an election to serve. Fails where the directory
  /// cannot be read, or where there are more files than `deadline` leaves time for.
  func survey(until deadline: Instant) throws(StoreFailure) -> StoreSurvey {
    try prepare()
    var survey = StoreSurvey()
    var wishes: [IPAddress: PreferenceRecord] = [:]
    for name in names().sorted() {
      guard Instant.now < deadline else {
        throw StoreFailure(.timedOut, "\(path) has more files than could be read in time")
      }
      do throws(SystemError) {
        switch LeaseFileName(name) {
        case .session(let node):
          guard case .held(let record) = try FileProbe(file(name)) else { continue }
          survey.sessions.append(Self.session(record, node: node))
        case .claim(let address):
          guard case .held(let record) = try FileProbe(file(name)) else { continue }
          // Locked but marked free: its owner is about to write or to let go.
          if record?.state == .free { continue }
          survey.claims[address] = claim(record, name)
        case .preference(let address):
          let wish = PreferenceFile(path: file(name), temporary: "")
          guard case .present(let record?) = try wish.read() else { continue }
          wishes[address] = record
        case nil: continue
        }
      } catch {
        survey.troubles.append("\(error)")
      }
    }
    let live = Set(survey.sessions.map(\.id))
    // What a session wrote that is over counts for nothing.
    survey.preferences = wishes.filter { live.contains(SessionID($0.value.session)) }
      .mapValues(\.preferred)
    addUnrecorded(&survey, live)
    return survey
  }

  /// Sessions whose own file is gone while claims of theirs are locked: their processes run.
  private func addUnrecorded(_ survey: inout StoreSurvey, _ live: Set<SessionID>) {
    var known = live
    for holder in survey.claims.values.map(\.holder) where known.insert(holder.session).inserted {
      guard holder != LocalEngine.unknownHolder else { continue }
      survey.sessions.append(
        SurveyedSession(id: holder.session, node: holder.node, isRecorded: false))
    }
  }

  private static func session(_ record: LeaseRecord?, node: String) -> SurveyedSession {
    guard let record, record.state == .held else {
      return SurveyedSession(id: LocalEngine.unknownHolder.session, node: node)
    }
    return SurveyedSession(
      id: SessionID(record.session), node: record.node,
      facts: SessionFacts(
        processID: record.pid, since: record.since, version: record.version))
  }

  private func claim(_ record: LeaseRecord?, _ name: String) -> SurveyedClaim {
    guard let record else {
      return SurveyedClaim(
        holder: LocalEngine.unknownHolder,
        defect: "\(file(name)) is locked, and holds no record of an announcer's")
    }
    return SurveyedClaim(holder: record.holder, since: record.since)
  }
}
