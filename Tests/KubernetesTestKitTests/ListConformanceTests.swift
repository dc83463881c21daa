import KubernetesTestKit
import LANTestKit
import Testing

extension Conformance {
  /// What the test server answers to reads is what a real server answers.
  @Suite struct ListConformanceTests {
    private func names(_ answer: ClusterAnswer) -> [String] {
      answer.json["items"].array.map { $0["metadata"]["name"].string ?? "" }
    }

    private func fill(_ cluster: any TestCluster, _ count: Int = 5) async throws -> String {
      let space = try await cluster.makeNamespace()
      for index in 0..<count {
        _ = try await cluster.create(
          lease(
            "l\(index)", in: space,
            labels: ["parity": .string(index % 2 == 0 ? "even" : "odd"), "n\(index)": ""]))
      }
      return space
    }

    @Test(arguments: TestClusterKind.available)
    func listsInOrder(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await fill(cluster)
      let list = try await cluster.call("GET", APIKind.lease.path(in: space))
      #expect(list.code == 200)
      #expect(list.json["kind"] == "LeaseList")
      #expect(list.json["apiVersion"] == "coordination.k8s.io/v1")
      #expect(names(list) == ["l0", "l1", "l2", "l3", "l4"])
      // The elements of a list of a built-in kind do not say what they are.
      #expect(list.json["items"].array.allSatisfy { $0["kind"] == .null })
      let last = try await cluster.get(.lease, in: space, "l4")
      #expect(
        UInt64(list.resourceVersion)! >= UInt64(
          last?["metadata"]["resourceVersion"].string ?? "")!)
      let all = try await cluster.list(.lease)
      #expect(all.count { $0["metadata"]["namespace"].string == space } == 5)
      let empty = try await cluster.call("GET", APIKind.service.path(in: space))
      #expect(empty.json["items"] == [])
      let nowhere = try await cluster.call("GET", APIKind.lease.path(in: "no-such-space"))
      #expect(nowhere.code == 200 && names(nowhere).isEmpty)
    }

    @Test(arguments: TestClusterKind.available)
    func listsCustomObjectsWithTheirKind(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("policy")
      try await cluster.apply(policy(name))
      let list = try await cluster.call("GET", APIKind.policy().path())
      #expect(list.json["kind"] == "CiliumL2AnnouncementPolicyList")
      let mine = list.json["items"].array.filter { $0["metadata"]["name"].string == name }
      #expect(mine.map { $0["kind"] } == ["CiliumL2AnnouncementPolicy"])
      #expect(mine.map { $0["apiVersion"] } == ["cilium.io/v2alpha1"])
      try await cluster.delete(.policy(), name)
    }

    @Test(arguments: TestClusterKind.available)
    func selects(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await fill(cluster)
      for (selector, expected) in [
        ("parity=even", ["l0", "l2", "l4"]), ("parity==odd", ["l1", "l3"]),
        ("parity!=even", ["l1", "l3"]), ("parity in (even,none)", ["l0", "l2", "l4"]),
        ("parity notin (even)", ["l1", "l3"]), ("n3", ["l3"]), ("!n3", ["l0", "l1", "l2", "l4"]),
        ("parity=even,n2", ["l2"]), ("other!=x", ["l0", "l1", "l2", "l3", "l4"]),
        ("parity in (even, odd),n1", ["l1"]),
      ] {
        let answer = try await cluster.call(
          "GET", APIKind.lease.path(in: space), query: [("labelSelector", selector)])
        #expect(names(answer) == expected, "\(selector)")
      }
      for faulty in ["a b", "=x", "a in"] {
        expectRefusal(
          try await cluster.call(
            "GET", APIKind.lease.path(in: space), query: [("labelSelector", faulty)]), 400,
          "BadRequest")
      }
      let one = try await cluster.call(
        "GET", APIKind.lease.path(in: space), query: [("fieldSelector", "metadata.name=l3")])
      #expect(names(one) == ["l3"])
      expectRefusal(
        try await cluster.call(
          "GET", APIKind.lease.path(in: space), query: [("fieldSelector", "spec.x=1")]), 400,
        "BadRequest", "is not a known field selector")
    }

    /// Pages show the state at the first one's time.
    @Test(arguments: TestClusterKind.available)
    func pages(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await fill(cluster)
      let path = APIKind.lease.path(in: space)
      let first = try await cluster.call("GET", path, query: [("limit", "2")])
      #expect(names(first) == ["l0", "l1"])
      #expect(first.json["metadata"]["remainingItemCount"] == 3)
      let token = first.json["metadata"]["continue"].string ?? ""
      try await cluster.delete(.lease, in: space, "l3")
      _ = try await cluster.create(lease("l25", in: space))
      let second = try await cluster.call(
        "GET", path, query: [("limit", "2"), ("continue", token)])
      #expect(names(second) == ["l2", "l3"])
      #expect(second.resourceVersion == first.resourceVersion)
      let third = try await cluster.call(
        "GET", path,
        query: [("limit", "2"), ("continue", second.json["metadata"]["continue"].string ?? "")])
      #expect(names(third) == ["l4"])
      #expect(third.json["metadata"]["continue"] == .null)
      #expect(third.json["metadata"]["remainingItemCount"] == .null)
      let now = try await cluster.call("GET", path)
      #expect(names(now) == ["l0", "l1", "l2", "l25", "l4"])

      expectRefusal(
        try await cluster.call("GET", path, query: [("limit", "2"), ("continue", "garbage")]), 400,
        "BadRequest", "continue key is not valid")
      expectRefusal(
        try await cluster.call(
          "GET", path,
          query: [("limit", "2"), ("continue", token), ("resourceVersion", first.resourceVersion)]),
        400, "BadRequest", "specifying resource version is not allowed when using continue")
      let selected = try await cluster.call(
        "GET", path, query: [("limit", "1"), ("labelSelector", "parity=even")])
      #expect(names(selected) == ["l0"])
      #expect(selected.json["metadata"]["remainingItemCount"] == .null)
      #expect(selected.json["metadata"]["continue"] != .null)
    }

    @Test(arguments: TestClusterKind.available)
    func readsAtVersions(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await fill(cluster)
      let path = APIKind.lease.path(in: space)
      let list = try await cluster.call("GET", path)
      let version = list.resourceVersion
      _ = try await cluster.create(lease("m", in: space))

      // A version that is not yet there.
      let later = "\(UInt64(version)! + 1_000_000)"
      for read in [path, "\(path)/l0"] {
        let answer = try await cluster.call("GET", read, query: [("resourceVersion", later)])
        expectRefusal(answer, 504, "Timeout", "Too large resource version: \(later), current: ")
        #expect(answer.json["details"]["retryAfterSeconds"] == 1)
        #expect(
          answer.json["details"]["causes"].array.first?["reason"] == "ResourceVersionTooLarge")
      }
      // From a cache: at least as new as asked for.
      let newer = try await cluster.call("GET", path, query: [("resourceVersion", version)])
      #expect(newer.code == 200)
      #expect(UInt64(newer.resourceVersion)! >= UInt64(version)!)
      // As it was then.
      let exact = try await cluster.call(
        "GET", path, query: [("resourceVersion", version), ("resourceVersionMatch", "Exact")])
      #expect(names(exact) == ["l0", "l1", "l2", "l3", "l4"])
      #expect(exact.resourceVersion == version)
      let whole = try await cluster.call(
        "GET", path, query: [("resourceVersion", "0"), ("limit", "2")])
      #expect(names(whole).count >= 5)
      #expect(whole.json["metadata"]["continue"] == .null)

      for read in [path, "\(path)/l0"] {
        let answer = try await cluster.call("GET", read, query: [("resourceVersion", "x")])
        #expect(answer.code == 500, "\(answer.text)")
      }
    }
  }
}
