package import Cluster
internal import FoundationEssentials
package import Kubernetes
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
    let merged = Self.merge(conditions, into: found.status?.conditions ?? [], at: timestamp())
    guard merged != found.status?.conditions else { return }
    let patch = StatusPatch(
      metadata: .init(resourceVersion: found.metadata.resourceVersion),
      status: .init(conditions: merged))
    let json = Array((try? JSONEncoder().encode(patch)) ?? Data())
    _ = try await client.call(.patch, "\(path)/status", body: json, until: deadline)
  }

  /// The list as it should be; `lastTransitionTime` changes with `status` alone, as
  /// `metav1.Condition` has it.
  static func merge(
    _ wanted: [PolicyCondition], into found: [ConditionForm], at time: String
  ) -> [ConditionForm] {
    var merged = found
    for condition in wanted where PolicyFault(rawValue: condition.type) != nil {
      var form = ConditionForm(
        type: condition.type, status: condition.isTrue ? "True" : "False",
        observedGeneration: condition.observedGeneration, lastTransitionTime: time,
        reason: PolicyCondition.reason, message: condition.message)
      guard let index = merged.firstIndex(where: { $0.type == condition.type }) else {
        merged.append(form)
        continue
      }
      if merged[index].status == form.status {
        form.lastTransitionTime = merged[index].lastTransitionTime
      }
      merged[index] = form
    }
    return merged
  }
}

/// `metav1.Condition`.
struct ConditionForm: Codable, Hashable {
  var type: String
  var status: String
  var observedGeneration: Int64?
  var lastTransitionTime: String?
  var reason: String?
  var message: String?
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
