import KubernetesTestKit
import Testing

extension Conformance {
  /// What the test server does with writes is what a real server does.
  @Suite struct WriteConformanceTests {
    @Test(arguments: TestClusterKind.available)
    func createsAndRefusesTheSameAgain(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let first = try await cluster.create(lease("a", in: space))
      #expect(first.code == 201)
      let metadata = first.json["metadata"]
      #expect(first.json["kind"] == "Lease")
      #expect(first.json["apiVersion"] == "coordination.k8s.io/v1")
      #expect(metadata["namespace"].string == space)
      #expect(metadata["uid"].string?.count == 36)
      #expect(metadata["creationTimestamp"].string?.count == 20)
      #expect(UInt64(first.resourceVersion) ?? 0 > 0)
      #expect(metadata["generation"] == .null)

      let second = try await cluster.create(lease("a", in: space))
      expectRefusal(
        second, 409, "AlreadyExists", #"leases.coordination.k8s.io "a" already exists"#)
      #expect(
        second.json["details"] == ["name": "a", "group": "coordination.k8s.io", "kind": "leases"])
    }

    @Test(arguments: TestClusterKind.available)
    func makesNames(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      var sent = lease("", in: space)
      sent["metadata"]["name"] = .null
      expectRefusal(
        try await cluster.create(sent), 422, "Invalid", "name or generateName is required")
      sent["metadata"]["generateName"] = "some-"
      let made = try await cluster.create(sent)
      let name = made.json["metadata"]["name"].string ?? ""
      #expect(name.hasPrefix("some-") && name.count == 10)
    }

    @Test(arguments: TestClusterKind.available)
    func refusesWhatIsInTheWrongPlace(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.lease.path(in: space)
      expectRefusal(
        try await cluster.call("POST", path, body: lease("a", in: "default")), 400, "BadRequest",
        "the namespace of the provided object does not match the namespace sent on the request")
      expectRefusal(
        try await cluster.call("PUT", "\(path)/b", body: lease("a", in: space)), 400, "BadRequest",
        "the name of the object (a) does not match the name on the URL (b)")
      expectRefusal(
        try await cluster.create(lease("a", in: "no-such-space")), 404, "NotFound",
        #"namespaces "no-such-space" not found"#)
      expectRefusal(
        try await cluster.call("POST", path, body: service("a", in: space)), 400, "BadRequest",
        "cannot be handled as a Lease")
      expectRefusal(
        try await cluster.create(lease("a", in: space, version: "5")), 500, "",
        "resourceVersion")
      expectRefusal(
        try await cluster.create(lease("A_b", in: space)), 422, "Invalid", "metadata.name")
      expectRefusal(
        try await cluster.call(
          "POST", path, body: lease("a", in: space), contentType: "text/plain"),
        415, "UnsupportedMediaType")
      expectRefusal(try await cluster.call("POST", path, body: "garbage"), 400, "BadRequest")
    }

    @Test(arguments: TestClusterKind.available)
    func comparesVersions(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let old = try await cluster.create(lease("a", in: space))
      let new = try await cluster.update(
        lease("a", in: space, holder: "b", version: old.resourceVersion))
      #expect(new.code == 200)
      #expect(UInt64(new.resourceVersion)! > UInt64(old.resourceVersion)!)
      #expect(new.json["metadata"]["uid"] == old.json["metadata"]["uid"])

      let late = try await cluster.update(
        lease("a", in: space, holder: "c", version: old.resourceVersion))
      expectRefusal(
        late, 409, "Conflict",
        #"Operation cannot be fulfilled on leases.coordination.k8s.io "a": the object has been modified; "#
          + "please apply your changes to the latest version and try again")
      #expect(late.json["details"]["name"] == "a")

      expectRefusal(
        try await cluster.update(lease("a", in: space, holder: "c")), 422, "Invalid",
        "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update")
      expectRefusal(
        try await cluster.update(lease("a", in: space, holder: "c", version: "x")), 500, "")
      expectRefusal(
        try await cluster.update(
          lease(
            "a", in: space, holder: "c", version: new.resourceVersion,
            uid: "00000000-0000-0000-0000-000000000000")), 409, "Conflict",
        "Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000")
    }

    @Test(arguments: TestClusterKind.available)
    func keepsTheVersionOfWhatDidNotChange(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let old = try await cluster.create(lease("a", in: space))
      let same = try await cluster.update(lease("a", in: space, version: old.resourceVersion))
      #expect(same.code == 200)
      #expect(same.resourceVersion == old.resourceVersion)
    }

    /// An update of a Lease that is gone makes it anew, even with the version of the former one; with the former
    /// one's uid it is a conflict.
    @Test(arguments: TestClusterKind.available)
    func createsLeasesByUpdate(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let old = try await cluster.create(lease("a", in: space))
      try await cluster.delete(.lease, in: space, "a")
      let uid = old.json["metadata"]["uid"].string ?? ""
      expectRefusal(
        try await cluster.update(
          lease("a", in: space, version: old.resourceVersion, uid: uid)), 409, "Conflict",
        "Precondition failed: UID in precondition: \(uid), UID in object meta: ")
      let new = try await cluster.update(lease("a", in: space, version: old.resourceVersion))
      #expect(new.code == 201, "\(new.text)")
      #expect(new.json["metadata"]["uid"].string != uid)
    }

    @Test(arguments: TestClusterKind.available)
    func comparesVersionsOfServices(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.service.path(in: space, "web")
      expectRefusal(
        try await cluster.call("PUT", path, body: service("web", in: space)), 404, "NotFound",
        #"services "web" not found"#)
      let first = try await cluster.apply(service("web", in: space))
      #expect(first["spec"]["externalTrafficPolicy"] == "Cluster")
      #expect(first["spec"]["sessionAffinity"] == "None")
      #expect(first["status"] == ["loadBalancer": [:]])
      #expect(first["metadata"]["generation"] == .null)
      var changed = service("web", in: space, spec: ["externalIPs": ["192.0.2.1"]])
      changed["spec"]["clusterIP"] = first["spec"]["clusterIP"]
      expectRefusal(
        try await cluster.call("PUT", path, body: changed), 422, "Invalid",
        "must be specified for an update")
      changed["metadata"]["resourceVersion"] = first["metadata"]["resourceVersion"]
      let second = try await cluster.call("PUT", path, body: changed)
      #expect(second.code == 200, "\(second.text)")
      #expect(second.json["spec"]["externalIPs"] == ["192.0.2.1"])
      expectRefusal(try await cluster.call("PUT", path, body: changed), 409, "Conflict")
      expectRefusal(
        try await cluster.call(
          "POST", APIKind.service.path(in: space),
          body: service("none", in: space, spec: ["ports": []])), 422, "Invalid", "spec.ports")
    }

    @Test(arguments: TestClusterKind.available)
    func overwritesNodesThatNameNoVersion(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("node")
      var node: JSON = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]]
      let path = APIKind.node.path(in: nil, name)
      expectRefusal(try await cluster.call("PUT", path, body: node), 404, "NotFound")
      #expect(try await cluster.call("POST", APIKind.node.path(), body: node).code == 201)
      node["spec"]["unschedulable"] = true
      let written = try await cluster.call("PUT", path, body: node)
      #expect(written.code == 200, "\(written.text)")
      #expect(written.json["spec"]["unschedulable"] == true)
      try await cluster.delete(.node, name)
    }

    @Test(arguments: TestClusterKind.available)
    func countsGenerationsOfCustomObjects(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("policy")
      let first = try await cluster.apply(policy(name))
      #expect(first["metadata"]["generation"] == 1)
      #expect(try await cluster.apply(policy(name))["metadata"]["generation"] == 1)
      #expect(
        try await cluster.apply(policy(name, interfaces: ["eth1"]))["metadata"]["generation"] == 2)
      var labelled = policy(name, interfaces: ["eth1"])
      labelled["metadata"]["labels"] = ["a": "b"]
      #expect(try await cluster.apply(labelled)["metadata"]["generation"] == 2)
      expectRefusal(
        try await cluster.call("PUT", APIKind.policy().path(in: nil, name), body: policy(name)),
        422,
        "Invalid", "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update")
      try await cluster.delete(.policy(), name)
    }
  }
}
