package import Cluster
internal import Wire

/// `v1.Node`.
package struct NodeForm: ObjectForm {
  package static let kind = ClusterObject.Kind.node
  package let metadata: Metadata
  private let spec: Spec?
  private let status: Status?

  private struct Spec: Decodable {
    let unschedulable: Flag?
    let taints: [Taint]?

    struct Taint: Decodable {
      let key: String?
    }
  }

  private struct Status: Decodable {
    let conditions: [Condition]?
    let addresses: [Address]?

    struct Address: Decodable {
      /// Of the types `InternalIP` and `ExternalIP`; the others have names.
      let address: String?
    }

    struct Condition: Decodable {
      let type: String?
      let status: String?
    }
  }

  package func object(place: String?) -> ClusterObject {
    // "Unknown" is what a node's controller writes when the node has fallen silent.
    let ready = status?.conditions?.first { $0.type == "Ready" }?.status
    let addresses = (status?.addresses ?? []).compactMap { $0.address.flatMap { IPAddress($0) } }
    return .node(
      Node(
        metadata.name ?? "", labels: Labels(metadata.labels ?? [:]),
        isUnschedulable: spec?.unschedulable?.isOn ?? false,
        taints: (spec?.taints ?? []).compactMap(\.key), isReady: ready.map { $0 == "True" },
        addresses: Set(addresses).sorted()))
  }
}
