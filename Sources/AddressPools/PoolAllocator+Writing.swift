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
        gained: decision.gained, lost: decision.lost, reason: decision.verdict?.reason,
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
      let condition = Condition(
        type: Condition.requestSatisfied,
        status: verdict.reason == .satisfied ? "True" : "False",
        reason: verdict.reason.rawValue, message: verdict.message)
      if let known = entry.condition, known.status == condition.status,
        known.reason == condition.reason, known.message == condition.message
      {
        break
      }
      list.set(condition)
    }
    return list
  }
}
