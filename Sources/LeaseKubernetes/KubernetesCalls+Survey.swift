internal import Lease
internal import LinuxSystem
internal import Time

extension KubernetesCalls {
  /// Reads all Leases of the namespace for people: also those that have one of our names and not our
  /// label, which no watch of ours sees and which nobody can claim over.
  ///
  /// How long sessions last is told by the table, which has timed them on this node's clock. A copy takes
  /// the list in: a question of somebody's confirms no renewal and hides no watch that hangs.
  func survey(until deadline: Instant) async throws(StoreFailure) -> StoreSurvey {
    let (forms, version) = try await readEverything("survey the claims", [], until: { deadline })
    var records: [LeaseRecord] = []
    var facts = LeaseFacts()
    for form in forms {
      guard let record = LeaseRecord(form) else { continue }
      if record.isOurs {
        records.append(record)
        facts.add(form, record)
      } else if record.subject != .unknown {
        // Whatever has none of our names is another program's, in a namespace that we share.
        facts.addForeign(Self.foreign(record.name).text)
      }
    }
    var copy = table.ask { $0 }
    copy.replace(records, version: version, at: .now)
    return copy.survey(facts)
  }
}
