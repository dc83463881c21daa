package import Cluster

/// `metav1.Condition`.
package struct ConditionForm: Codable, Sendable {
  private let type: String?
  private let status: String?
  private let observedGeneration: Int64?
  private let lastTransitionTime: String?
  private let reason: String?
  private let message: String?

  /// - Parameter time: RFC 3339; stands where the status has changed just now.
  package init(_ condition: Condition, at time: String) {
    type = condition.type
    status = condition.status
    observedGeneration = condition.observedGeneration
    lastTransitionTime = condition.lastTransitionTime ?? time
    reason = condition.reason
    message = condition.message
  }

  package var condition: Condition {
    // One copy of the text for all Services.
    let type = type == Condition.requestSatisfied ? Condition.requestSatisfied : type ?? ""
    return Condition(
      type: type, status: status ?? "", observedGeneration: observedGeneration,
      lastTransitionTime: lastTransitionTime, reason: reason ?? "", message: message ?? "")
  }
}
