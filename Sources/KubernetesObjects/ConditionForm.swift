package import Cluster

/// `metav1.Condition`.
package struct ConditionForm: Decodable, Sendable {
  private let type: String?
  private let status: String?
  private let observedGeneration: Int64?
  private let lastTransitionTime: String?
  private let reason: String?
  private let message: String?

  package var condition: Condition {
    // One copy of the text for all Services.
    let type = type == Condition.requestSatisfied ? Condition.requestSatisfied : type ?? ""
    return Condition(
      type: type, status: status ?? "", observedGeneration: observedGeneration,
      lastTransitionTime: lastTransitionTime, reason: reason ?? "", message: message ?? "")
  }
}
