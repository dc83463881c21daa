internal import Cluster

extension PoolAllocator {
  /// What has to be written for a decision; nil where it stands there already.
  func writing(_ name: ObjectName, _ decision: Decision) -> ServiceWriting? {
    guard let entry = entries[name] else { return nil }
    let service = entry.service
    let conditions = conditions(of: entry, decision)
    guard
      decision.ingress != service.ingress || conditions != service.allocation.conditions
    else { return nil }
    return ServiceWriting(
      service: name, uid: service.uid, version: service.allocation.version,
      ingress: decision.ingress, conditions: conditions,
      change: ServiceWriting.Change(
        gained: decision.gained, released: decision.released, reason: decision.verdict?.reason,
        message: decision.verdict?.message ?? ""))
  }

  /// The conditions of a Service as they shall be. Those of others stay as they are, and so does ours where
  /// it says what is to be said.
  private func conditions(of entry: ServiceEntry, _ decision: Decision) -> [Condition] {
    var list = entry.service.allocation.conditions
    guard settings.keepsConditions else { return list }
    switch entry.standing(settings) {
    case .none: break
    case .left: list.removeAll { $0.type == Condition.requestSatisfied }
    case .ours:
      guard let verdict = decision.verdict else { break }
      var condition = Condition(
        type: Condition.requestSatisfied,
        status: verdict.reason == .satisfied ? "True" : "False",
        reason: verdict.reason.rawValue, message: verdict.message)
      let known = entry.condition
      if let known, known.status == condition.status, known.reason == condition.reason,
        decision.released.isEmpty,
        known.message == condition.message
          || Self.addsReleases(known.message, to: condition.message)
      {
        break
      }
      if !decision.released.isEmpty {
        let message = condition.message.isEmpty ? "" : "\(condition.message); "
        condition.message = message + decision.released.text
      }
      list.set(condition)
    }
    return list
  }

  /// Whether a condition's text is another one with a word on addresses that were taken. That stays as long as
  /// nothing else has come to be said, for people who look later.
  private static func addsReleases(_ text: String, to message: String) -> Bool {
    let message = message.isEmpty ? "" : "\(message); "
    return text.hasPrefix(message) && text.dropFirst(message.count).contains([Release].mark)
  }
}
