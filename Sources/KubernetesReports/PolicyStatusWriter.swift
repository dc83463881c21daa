package import Cluster
internal import FoundationEssentials
package import Kubernetes
internal import KubernetesObjects
internal import LinuxSystem
internal import Time

/// Writes into a policy's status what is wrong with it, and that it no longer is.
package struct PolicyStatusWriter: Sendable {
  private let client: APIClient

  private static let patience = Duration.seconds(5)

  package init(_ client: APIClient) {
    self.client = client
  }

  /// Makes the conditions of `policy` that name our faults as they are in `conditions`; those of other
  /// programs stay. Nothing is written over a version that somebody has changed meanwhile.
  ///
  /// - Parameter collection: where the policies are: `/apis/cilium.io/v2alpha1/ciliuml2announcementpolicies`.
  package func write(
    _ conditions: [PolicyCondition], to policy: String, in collection: String
  ) async throws(APIFailure) {
    let deadline = Instant.now + Self.patience
    let path = "\(collection)/\(policy)"
    let body = try await client.call(.get, path, until: deadline)
    guard let found = try? JSONDecoder().decode(PolicyHead.self, from: Data(body)) else {
      throw APIFailure(.unintelligible, text: "GET \(path): an answer that is no policy")
    }
    let present = found.status?.conditions?.map(\.condition) ?? []
    let time = timestamp()
    let merged = Self.merge(conditions, into: present, at: time)
    guard merged != present else { return }
    let patch = StatusPatch(
      metadata: .init(resourceVersion: found.metadata.resourceVersion),
      status: .init(conditions: merged.map { ConditionForm($0, at: time) }))
    let json = Array((try? JSONEncoder().encode(patch)) ?? Data())
    _ = try await client.call(.patch, "\(path)/status", body: json, until: deadline)
  }

  /// The list as it should be; `lastTransitionTime` changes with `status` alone, as
  /// `metav1.Condition` has it.
  static func merge(
    _ wanted: [PolicyCondition], into present: [Condition], at time: String
  ) -> [Condition] {
    var merged = present
    for fault in wanted where PolicyFault(rawValue: fault.type) != nil {
      var condition = Condition(
        type: fault.type, status: fault.isTrue ? "True" : "False",
        observedGeneration: fault.observedGeneration, lastTransitionTime: time,
        reason: PolicyCondition.reason, message: fault.message)
      guard let index = merged.firstIndex(where: { $0.type == fault.type }) else {
        merged.append(condition)
        continue
      }
      if merged[index].status == condition.status {
        condition.lastTransitionTime = merged[index].lastTransitionTime
      }
      merged[index] = condition
    }
    return merged
  }
}

private struct PolicyHead: Decodable {
  struct Metadata: Decodable { var resourceVersion: String }
  struct Status: Decodable { var conditions: [ConditionForm]? }

  var metadata: Metadata
  var status: Status?
}

private struct StatusPatch: Encodable {
  struct Metadata: Encodable { var resourceVersion: String }
  struct Status: Encodable { var conditions: [ConditionForm] }

  var metadata: Metadata
  var status: Status
}
