package import Cluster
internal import FoundationEssentials
package import Kubernetes
internal import KubernetesObjects
internal import LinuxSystem
package import Time

/// Writes into the status of Services and pools what was given out, over nothing but the version that it
/// was decided on.
package struct AllocationWriter: Sendable {
  private let client: APIClient

  package init(_ client: APIClient) {
    self.client = client
  }

  /// Makes the addresses and conditions of a Service these.
  ///
  /// - Parameters:
  ///   - uid: a Service of the same name that came later is another one.
  ///   - isTrial: the server says what would become of it, and changes nothing.
  /// - Returns: the Service as it is now.
  /// - Throws: `conflict` where somebody has changed it since.
  package func write(
    _ ingress: [Service.Ingress], _ conditions: [Condition], to service: ObjectName, uid: String,
    version: String, isTrial: Bool = false, until deadline: Instant
  ) async throws(APIFailure) -> Service {
    let patch = StatusPatch(
      metadata: .init(uid: uid, resourceVersion: version),
      status: .init(
        loadBalancer: .init(ingress: ingress.map { .init($0) }),
        conditions: conditions.map { ConditionForm($0, at: timestamp()) }))
    let answer = try await send(
      patch, "\(Self.path(of: service))/status", isTrial: isTrial, until: deadline)
    return try Self.service(answer, service)
  }

  /// Makes the conditions of a pool these.
  ///
  /// - Parameter collection: where the pools are: `/apis/cilium.io/v2/ciliumloadbalancerippools`.
  package func write(
    _ conditions: [Condition], to pool: String, in collection: String, version: String,
    until deadline: Instant
  ) async throws(APIFailure) -> LoadBalancerIPPool {
    let patch = StatusPatch(
      metadata: .init(resourceVersion: version),
      status: .init(conditions: conditions.map { ConditionForm($0, at: timestamp()) }))
    let answer = try await send(patch, "\(collection)/\(pool)/status", until: deadline)
    guard case .pool(let pool)? = try? ClusterObject(json: answer, of: .pool) else {
      throw APIFailure(.unintelligible, text: "PATCH \(collection)/\(pool): this is no pool")
    }
    return pool
  }

  /// A Service as it is now; nil where there is none of that name.
  package func read(_ service: ObjectName, until deadline: Instant) async throws(APIFailure)
    -> Service?
  {
    do throws(APIFailure) {
      return try Self.service(
        try await client.call(.get, Self.path(of: service), until: deadline), service)
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  private func send(
    _ patch: StatusPatch, _ path: String, isTrial: Bool = false, until deadline: Instant
  ) async throws(APIFailure) -> [UInt8] {
    // The server shall not do it either once nobody waits for it any more.
    let left = max(1, Int((deadline - .now).milliseconds))
    var query = [("timeout", "\(left)ms")]
    if isTrial { query.append(("dryRun", "All")) }
    let body = Array((try? JSONEncoder().encode(patch)) ?? Data())
    return try await client.call(.patch, path, query: query, body: body, until: deadline)
  }

  private static func path(of service: ObjectName) -> String {
    "/api/v1/namespaces/\(service.namespace)/services/\(service.name)"
  }

  private static func service(
    _ octets: [UInt8], _ name: ObjectName
  ) throws(APIFailure) -> Service {
    guard case .service(let service)? = try? ClusterObject(json: octets, of: .service) else {
      throw APIFailure(.unintelligible, text: "the answer about \(name) is no Service")
    }
    return service
  }
}

/// A merge patch (RFC 7386): lists are replaced as a whole, null takes a field away.
private struct StatusPatch: Encodable {
  struct Metadata: Encodable {
    var uid: String?
    var resourceVersion: String
  }

  struct Status: Encodable {
    var loadBalancer: LoadBalancer?
    var conditions: [ConditionForm]
  }

  struct LoadBalancer: Encodable {
    var ingress: [IngressForm]
  }

  struct IngressForm: Encodable {
    var ip: String?
    var hostname: String?
    var ipMode: String?

    init(_ ingress: Service.Ingress) {
      (ip, hostname, ipMode) = (ingress.ip, ingress.hostname, ingress.ipMode)
    }
  }

  var metadata: Metadata
  var status: Status
}
