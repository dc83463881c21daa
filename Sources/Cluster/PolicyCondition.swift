/// A condition in the status of a policy: true where the policy has the fault it is named after, false
/// where it had it once (`metav1.Condition`).
package struct PolicyCondition: Hashable, Sendable {
  package var type: String
  package var isTrue: Bool
  package var message: String
  package var observedGeneration: Int64

  package init(type: String, isTrue: Bool, message: String = "", observedGeneration: Int64 = 0) {
    self.type = type
    self.isTrue = isTrue
    self.message = message
    self.observedGeneration = observedGeneration
  }

  /// `reason` of every condition of a policy; the field may not be empty.
  package static let reason = "error"
}

/// What can be wrong with a policy. The names are those that people's tools know from Cilium.
package enum PolicyFault: String, Hashable, CaseIterable, Sendable {
  case nodeSelector = "io.cilium/bad-node-selector"
  case serviceSelector = "io.cilium/bad-service-selector"
  case interfaces = "io.cilium/bad-interface-regex"

  /// The field that has the fault.
  package var field: String {
    switch self {
    case .nodeSelector: "nodeSelector"
    case .serviceSelector: "serviceSelector"
    case .interfaces: "interfaces"
    }
  }
}
