import KubernetesTestKit
import Testing

extension Conformance {
  /// What the test server does by the definitions in `deploy/crds` is what a real server does by them.
  @Suite struct SchemaConformanceTests {
    private let merge = "application/merge-patch+json"
    private let selector: JSON = [
      "matchExpressions": [["key": "tier", "operator": "In", "values": ["web"]]]
    ]

    private func pool(_ name: String, _ spec: JSON, version: String = "v2") -> JSON {
      [
        "apiVersion": .string("cilium.io/\(version)"), "kind": "CiliumLoadBalancerIPPool",
        "metadata": ["name": .string(name)], "spec": spec,
      ]
    }

    /// A condition that a server takes, with one field replaced.
    private func status(_ field: String = "", _ value: JSON = .null) -> JSON {
      var condition: JSON = [
        "type": "cilium.io/PoolConflict", "status": "False", "reason": "resolved", "message": "",
        "lastTransitionTime": "2024-05-06T07:08:09Z", "observedGeneration": 1,
      ]
      if !field.isEmpty { condition[field] = value }
      return ["status": ["conditions": .array([condition])]]
    }

    @Test(arguments: TestClusterKind.available)
    func keepsEveryFieldOfAPool(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("pool")
      let spec: JSON = [
        "blocks": [
          ["cidr": "192.0.2.0/28"], ["start": "192.0.2.32", "stop": "192.0.2.40"],
          ["cidr": "2001:db8::/120"],
        ],
        "cidrs": [["cidr": "198.51.100.0/24"]], "allowFirstLastIPs": "No", "disabled": true,
        "serviceSelector": selector,
      ]
      let made = try await cluster.call(
        "POST", APIKind.pool().path("v2alpha1"), body: pool(name, spec, version: "v2alpha1"))
      #expect(made.code == 201, "\(made.text)")
      let read = try await cluster.call("GET", APIKind.pool().path("v2", in: nil, name))
      #expect(read.json["apiVersion"] == "cilium.io/v2")
      #expect(read.json["spec"] == spec)
      let path = "\(APIKind.pool().path("v2", in: nil, name))/status"
      let written = try await cluster.call("PATCH", path, body: status(), contentType: merge)
      #expect(written.code == 200, "\(written.text)")
      #expect(written.json["status"] == status()["status"])
      try await cluster.delete(.pool(), name)
    }

    @Test(arguments: TestClusterKind.available)
    func keepsEveryFieldOfAPolicy(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("policy")
      var sent = policy(name)
      sent["spec"]["externalIPs"] = true
      sent["spec"]["nodeSelector"] = selector
      sent["spec"]["serviceSelector"] = ["matchLabels": ["tier": "web"]]
      let made = try await cluster.call("POST", APIKind.policy().path(), body: sent)
      #expect(made.code == 201, "\(made.text)")
      #expect(made.json["spec"] == sent["spec"])
      try await cluster.delete(.policy(), name)
    }

    @Test(arguments: TestClusterKind.available)
    func dropsUnknownFieldsAndFillsInDefaults(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("pool")
      var sent = pool(name, ["blocks": [["cidr": "192.0.2.0/28", "size": 3]], "color": "red"])
      sent["extra"] = true
      let made = try await cluster.call("POST", APIKind.pool().path("v2"), body: sent)
      #expect(made.json["spec"] == ["blocks": [["cidr": "192.0.2.0/28"]], "disabled": false])
      #expect(made.json["extra"] == .null)
      try await cluster.delete(.pool(), name)
    }

    @Test(arguments: TestClusterKind.available)
    func refusesWhatTheSchemaDoesNotAllow(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let operators: JSON = ["matchExpressions": [["key": "a", "operator": "Like"]]]
      let long = JSON.string(String(repeating: "a", count: 64))
      let wrong: [(JSON, String)] = [
        (["blocks": [["cidr": "nonsense"]]], "must be of type cidr"),
        (["blocks": "192.0.2.0/28"], "spec.blocks"),
        (["allowFirstLastIPs": "Maybe"], "spec.allowFirstLastIPs"),
        (["disabled": "no"], "spec.disabled"),
        (["serviceSelector": operators], "operator"),
        (["serviceSelector": ["matchExpressions": [["key": "a"]]]], "operator"),
        (["serviceSelector": ["matchLabels": ["a": long]]], "matchLabels"),
        (["serviceSelector": ["matchLabels": ["a": "-"]]], "matchLabels"),
      ]
      for (spec, part) in wrong {
        let answer = try await cluster.call(
          "POST", APIKind.pool().path("v2"), body: pool(unique("pool"), spec))
        expectRefusal(answer, 422, "Invalid", part)
      }
      var withoutSpec = pool(unique("pool"), [:])
      withoutSpec["spec"] = .null
      expectRefusal(
        try await cluster.call("POST", APIKind.pool().path("v2"), body: withoutSpec), 422,
        "Invalid", "spec: Required value")
    }

    @Test(arguments: TestClusterKind.available)
    func refusesConditionsThatAreNotComplete(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("pool")
      try await cluster.apply(pool(name, [:]))
      let path = "\(APIKind.pool().path("v2", in: nil, name))/status"
      let wrong: [(String, JSON)] = [
        ("reason", "two words"), ("reason", ""), ("reason", .null), ("lastTransitionTime", .null),
        ("lastTransitionTime", "yesterday"), ("status", "Maybe"), ("message", .null),
        ("type", "a b"), ("observedGeneration", -1),
      ]
      for (field, value) in wrong {
        let answer = try await cluster.call(
          "PATCH", path, body: status(field, value), contentType: merge)
        expectRefusal(answer, 422, "Invalid", field)
      }
      try await cluster.delete(.pool(), name)
    }
  }
}
