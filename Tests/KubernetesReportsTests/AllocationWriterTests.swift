import Cluster
import Kubernetes
import KubernetesReports
import KubernetesTestKit
import LANTestKit
import LinuxSystem
import Testing
import Time

struct AllocationWriterTests {
  private let condition = Condition(
    type: Condition.requestSatisfied, status: "True", reason: "satisfied")

  /// Runs `body` with a Service that has a condition of somebody else.
  private func withService(
    _ kind: TestClusterKind,
    _ body: (any TestCluster, AllocationWriter, Service) async throws -> Void
  ) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      try await cluster.apply(
        """
        {"apiVersion": "v1", "kind": "Service",
         "metadata": {"name": "web", "namespace": "\(namespace)"},
         "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
         "status": {"loadBalancer": {}, "conditions": [{"type": "example.com/Ours", "status": "True",
           "reason": "x", "message": "y", "lastTransitionTime": "2026-01-02T03:04:05Z"}]}}
        """)
      let writer = AllocationWriter(try cluster.client())
      let name = ObjectName(namespace, "web")
      let service = try #require(try await writer.read(name, until: .now + .seconds(5)))
      try await body(cluster, writer, service)
    }
  }

  @Test(arguments: TestClusterKind.available)
  func addressesAndConditionsAreWrittenAndOthersConditionsStay(kind: TestClusterKind) async throws {
    try await withService(kind) { cluster, writer, service in
      let written = try await writer.write(
        [.init(ip: "10.80.8.150", ipMode: "VIP"), .init(ip: "2001:db8::1")],
        service.allocation.conditions + [condition], to: service.name, uid: service.uid,
        version: service.allocation.version, until: .now + .seconds(5))
      #expect(written.ingress.map(\.ip) == ["10.80.8.150", "2001:db8::1"])
      #expect(written.allocation.version != service.allocation.version)
      let status = try #require(
        try await cluster.get(.service, in: service.name.namespace, "web"))["status"]
      let conditions = status["conditions"].array
      #expect(conditions.map { $0["type"].string } == ["example.com/Ours", condition.type])
      #expect(conditions[0]["lastTransitionTime"] == "2026-01-02T03:04:05Z")
      #expect(conditions[1]["lastTransitionTime"].string?.hasSuffix("Z") == true)
      // Servers before 1.29 do not know the mode.
      let mode = status["loadBalancer"]["ingress"].array[0]["ipMode"]
      #expect(mode == "VIP" || kind == .real && mode == .null)
      // Nothing is left of what is taken away.
      let empty = try await writer.write(
        [], [], to: service.name, uid: service.uid, version: written.allocation.version,
        until: .now + .seconds(5))
      #expect(empty.ingress.isEmpty && empty.allocation.conditions.isEmpty)
    }
  }

  @Test(arguments: TestClusterKind.available)
  func nothingIsWrittenOverAnotherVersionOrAnotherObject(kind: TestClusterKind) async throws {
    try await withService(kind) { cluster, writer, service in
      let failures = [
        (service.uid, "1"), ("00000000-0000-0000-0000-000000000000", service.allocation.version),
      ]
      for (uid, version) in failures {
        do throws(APIFailure) {
          _ = try await writer.write(
            [.init(ip: "10.80.8.150")], [], to: service.name, uid: uid, version: version,
            until: .now + .seconds(5))
          Issue.record("written")
        } catch {
          // A real server takes another uid for an attempt to change it.
          #expect(error.kind == .conflict || error.kind == .invalid && uid != service.uid)
        }
      }
      let found = try await writer.read(service.name, until: .now + .seconds(5))
      #expect(found == service)
    }
  }

  @Test(arguments: TestClusterKind.available)
  func aTrialChangesNothing(kind: TestClusterKind) async throws {
    try await withService(kind) { cluster, writer, service in
      let tried = try await writer.write(
        [.init(ip: "10.80.8.150")], [condition], to: service.name, uid: service.uid,
        version: service.allocation.version, isTrial: true, until: .now + .seconds(5))
      #expect(tried.ingress.map(\.ip) == ["10.80.8.150"])
      #expect(tried.allocation.conditions.map(\.type) == [condition.type])
      let found = try await writer.read(service.name, until: .now + .seconds(5))
      #expect(found == service)
    }
  }

  @Test(arguments: TestClusterKind.available)
  func whatIsGoneIsNil(kind: TestClusterKind) async throws {
    try await withService(kind) { cluster, writer, service in
      try await cluster.delete(.service, in: service.name.namespace, "web")
      let found = try await writer.read(service.name, until: .now + .seconds(5))
      #expect(found == nil)
    }
  }

  @Test(arguments: TestClusterKind.available)
  func aPoolsConditionsAreWritten(kind: TestClusterKind) async throws {
    try await withService(kind) { cluster, writer, _ in
      try await cluster.install(.pool())
      let pool = try await cluster.apply(
        """
        {"apiVersion": "cilium.io/v2", "kind": "CiliumLoadBalancerIPPool",
         "metadata": {"name": "lan"}, "spec": {"blocks": [{"cidr": "10.80.15.0/28"}]}}
        """)
      let version = try #require(pool["metadata"]["resourceVersion"].string)
      let written = try await writer.write(
        [Condition(type: "cilium.io/IPsUsed", status: "Unknown", reason: "noreason", message: "0")],
        to: "lan", in: "/apis/cilium.io/v2/ciliumloadbalancerippools", version: version,
        until: .now + .seconds(5))
      #expect(written.conditions.map(\.message) == ["0"])
    }
  }
}
