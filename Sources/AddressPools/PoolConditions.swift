internal import Cluster

/// The conditions of a pool: how much of it is taken, and what keeps it from giving.
enum PoolConditions {
  static let total = "cilium.io/IPsTotal"
  static let available = "cilium.io/IPsAvailable"
  static let used = "cilium.io/IPsUsed"
  static let conflict = "cilium.io/PoolConflict"
  static let invalid = "announcer/InvalidPool"

  /// All conditions as they shall be: those of others as they are, ours where they are.
  static func list(_ state: PoolState, of pool: LoadBalancerIPPool) -> [Condition] {
    var list = pool.conditions
    func set(_ type: String, _ status: String, _ reason: String, _ message: String) {
      list.set(
        Condition(
          type: type, status: status,
          observedGeneration: pool.generation == 0 ? nil : pool.generation, reason: reason,
          message: message))
    }
    // A fault is told as long as it is there, and once when it is over.
    func fault(_ type: String, _ reason: String, _ text: String?) {
      if let text {
        set(type, "True", reason, text)
      } else if pool.conditions.contains(where: { $0.type == type && $0.status == "True" }) {
        set(type, "False", "resolved", "")
      }
    }
    // A number is no truth value, and a reason may not be empty.
    set(total, "Unknown", "noreason", "\(state.total)")
    set(available, "Unknown", "noreason", "\(state.available)")
    set(used, "Unknown", "noreason", "\(state.used)")
    fault(conflict, "cidr_overlap", state.conflict)
    fault(invalid, "invalid", state.faults.isEmpty ? nil : BoundedList.text(state.faults))
    return list
  }
}

extension [Condition] {
  /// Puts a condition where the one of its type is, with the time of that one if its status is the same.
  mutating func set(_ condition: Condition) {
    guard let position = firstIndex(where: { $0.type == condition.type }) else {
      append(condition)
      return
    }
    var condition = condition
    if self[position].status == condition.status {
      condition.lastTransitionTime = self[position].lastTransitionTime
    }
    self[position] = condition
  }
}
