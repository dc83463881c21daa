import KubernetesTestKit
import LANTestKit
import Testing

extension Conformance {
  /// What the test server says of itself is what a real server says.
  @Suite struct DiscoveryConformanceTests {
    @Test(arguments: TestClusterKind.available)
    func tellsGroupsAndVersions(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let core = try await cluster.call("GET", "/api").json
      #expect(core["kind"] == "APIVersions")
      #expect(core["versions"] == ["v1"])
      let groups = try await cluster.call("GET", "/apis").json
      #expect(groups["kind"] == "APIGroupList")
      let names = groups["groups"].array.map { $0["name"].string ?? "" }
      for name in ["coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "cilium.io"] {
        #expect(names.contains(name), "\(name)")
      }
      let cilium = try await cluster.call("GET", "/apis/cilium.io").json
      #expect(cilium["kind"] == "APIGroup")
      #expect(cilium["versions"].array.map { $0["version"] } == ["v2", "v2alpha1"])
      #expect(cilium["preferredVersion"]["groupVersion"] == "cilium.io/v2")
      let version = try await cluster.call("GET", "/version").json
      #expect(version["major"] == "1")
      #expect(version["gitVersion"].string?.hasPrefix("v1.") == true)
    }

    @Test(arguments: TestClusterKind.available)
    func tellsResources(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      for (path, name, kind, isNamespaced) in [
        ("/api/v1", "services", "Service", true), ("/api/v1", "services/status", "Service", true),
        ("/api/v1", "nodes", "Node", false), ("/api/v1", "events", "Event", true),
        ("/apis/coordination.k8s.io/v1", "leases", "Lease", true),
        ("/apis/events.k8s.io/v1", "events", "Event", true),
        (
          "/apis/cilium.io/v2alpha1", "ciliuml2announcementpolicies", "CiliumL2AnnouncementPolicy",
          false
        ),
        (
          "/apis/cilium.io/v2alpha1", "ciliuml2announcementpolicies/status",
          "CiliumL2AnnouncementPolicy", false
        ), ("/apis/cilium.io/v2", "ciliumloadbalancerippools", "CiliumLoadBalancerIPPool", false),
      ] {
        let list = try await cluster.call("GET", path).json
        #expect(list["kind"] == "APIResourceList")
        let found = list["resources"].array.first { $0["name"].string == name }
        let resource = try #require(found, "\(path) \(name)")
        #expect(resource["kind"].string == kind)
        #expect(resource["namespaced"].bool == isNamespaced)
        let verbs = resource["verbs"].array
        #expect(verbs.contains(name.contains("/") ? "patch" : "watch"))
      }
    }

    @Test(arguments: TestClusterKind.available)
    func knowsNothingElse(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      for path in [
        "/apis/nothing.example", "/apis/nothing.example/v1", "/apis/cilium.io/v9",
        "/apis/cilium.io/v2/nothing",
        "/apis/cilium.io/v2/ciliuml2announcementpolicies",
      ] {
        let answer = try await cluster.call("GET", path)
        #expect(answer.code == 404, "\(path)")
        #expect(answer.text.contains("404 page not found"), "\(path): \(answer.text)")
      }
      expectRefusal(
        try await cluster.call("GET", "/apis/coordination.k8s.io/v1/nothing"), 404, "NotFound",
        "the server could not find the requested resource")
      let allowed = try await cluster.call("PUT", APIKind.lease.path(in: "default"), body: [:])
      #expect(allowed.code == 405, "\(allowed.text)")
    }

    @Test(arguments: TestClusterKind.available)
    func warnsOfWhatGoesAway(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let old = try await cluster.call("GET", APIKind.pool().path("v2alpha1"))
      #expect(old.code == 200)
      #expect(
        old.headers["warning"]
          == #"299 - "cilium.io/v2alpha1 CiliumLoadBalancerIPPool is deprecated; use cilium.io/v2""#
      )
      let new = try await cluster.call("GET", APIKind.pool().path("v2"))
      #expect(new.headers["warning"] == nil)
    }

    @Test(arguments: TestClusterKind.available)
    func letsNobodyElseIn(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      for token in ["wrong", ""] {
        let answer = try await cluster.call("GET", APIKind.lease.path(), token: token)
        expectRefusal(answer, 401, "Unauthorized", "Unauthorized")
        #expect(answer.json["metadata"] == [:])
      }
    }

    /// On servers of their own: no other test may miss the kind meanwhile.
    @Test(arguments: TestClusterKind.available)
    func servesKindsThatComeAndGo(_ kind: TestClusterKind) async throws {
      try await kind.run { cluster in
        try await cluster.apply(policy("a"))
        let watch = try await cluster.watch(APIKind.policy().path())
        await eventually { watch.summary == ["ADDED a"] }
        try await cluster.uninstall(.policy())
        #expect(try await cluster.call("GET", APIKind.policy().path()).code == 404)
        await eventually(within: .seconds(30)) { watch.isOver }
        #expect(watch.summary.prefix(2) == ["ADDED a", "DELETED a"])
        try await cluster.install(.policy())
        #expect(try await cluster.list(.policy()).isEmpty)
      }
    }
  }
}
