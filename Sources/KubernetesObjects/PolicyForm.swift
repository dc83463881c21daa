package import Cluster

/// `cilium.io` CiliumL2AnnouncementPolicy, `v2alpha1` and `v2`, which are written alike.
package struct PolicyForm: ObjectForm {
  package static let kind = ClusterObject.Kind.policy
  package let metadata: Metadata
  private let spec: Spec?
  private let status: Status?

  private struct Spec: Decodable {
    let nodeSelector: SelectorForm?
    let serviceSelector: SelectorForm?
    let interfaces: [String]?
    let externalIPs: Flag?
    let loadBalancerIPs: Flag?
  }

  private struct Status: Decodable {
    let conditions: [Condition]?

    struct Condition: Decodable {
      let type: String?
      let status: String?
      let message: String?
      let observedGeneration: Int64?
    }
  }

  package func object(place: String?) -> ClusterObject {
    let conditions = status?.conditions ?? []
    return .policy(
      L2AnnouncementPolicy(
        metadata.name ?? "", nodeSelector: spec?.nodeSelector?.selector,
        serviceSelector: spec?.serviceSelector?.selector, interfaces: spec?.interfaces ?? [],
        externalIPs: spec?.externalIPs?.isOn ?? false,
        loadBalancerIPs: spec?.loadBalancerIPs?.isOn ?? false,
        generation: metadata.generation ?? 0,
        conditions: conditions.map { condition in
          PolicyCondition(
            type: condition.type ?? "", isTrue: condition.status == "True",
            message: condition.message ?? "",
            observedGeneration: condition.observedGeneration ?? 0)
        }, place: place))
  }
}

/// `metav1.LabelSelector`.
struct SelectorForm: Decodable {
  private let matchLabels: [String: String]?
  private let matchExpressions: [Expression]?

  private struct Expression: Decodable {
    let key: String?
    let `operator`: String?
    let values: [String]?
  }

  var selector: LabelSelector {
    LabelSelector(
      matchLabels: matchLabels ?? [:],
      matchExpressions: (matchExpressions ?? []).map { expression in
        LabelSelector.Expression(
          key: expression.key ?? "", operator: expression.operator ?? "",
          values: expression.values ?? [])
      })
  }
}
