import KubernetesTestKit
import Testing

extension Conformance {
  /// The test server takes and refuses the Leases that a real server takes and refuses.
  @Suite struct LeaseConformanceTests {
    private static let taken: [[String: JSON]] = [
      ["leaseDurationSeconds": 1], ["leaseDurationSeconds": .null], ["leaseTransitions": 0],
      ["holderIdentity": ""], ["holderIdentity": .null], ["renewTime": .null],
      ["renewTime": "2024-05-06T07:08:09.000000Z"],
      ["renewTime": "2024-05-06T09:08:09.123456+02:00"],
      ["acquireTime": "2024-05-06T07:08:09.123456Z"],
    ]

    private static let refused: [([String: JSON], Int, String)] = [
      (["leaseDurationSeconds": 0], 422, "spec.leaseDurationSeconds: Invalid value: 0: must be"),
      (["leaseDurationSeconds": -1], 422, "spec.leaseDurationSeconds"),
      (["leaseTransitions": -1], 422, "spec.leaseTransitions"),
      (["leaseDurationSeconds": "6"], 400, ""), (["holderIdentity": 6], 400, ""),
      (["renewTime": "2024-05-06T07:08:09Z"], 400, "parsing time"),
      (["renewTime": "2024-05-06T07:08:09.123Z"], 400, "parsing time"),
      (["renewTime": "2024-05-06T07:08:09.123456789Z"], 400, "parsing time"),
      (["acquireTime": "2024-05-06T07:08:09.12345Z"], 400, "parsing time"),
      (["acquireTime": "yesterday"], 400, "parsing time"),
      (["renewTime": "2024-13-06T07:08:09.123456Z"], 400, "parsing time"),
    ]

    @Test(arguments: TestClusterKind.available)
    func takes(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      for (index, spec) in Self.taken.enumerated() {
        let sent = lease("l\(index)", in: space, spec: spec)
        let answer = try await cluster.create(sent)
        #expect(answer.code == 201, "\(spec): \(answer.text)")
      }
      let there = try await cluster.get(.lease, in: space, "l3")
      #expect(there?["spec"]["holderIdentity"] == "")
      let zoned = try await cluster.get(.lease, in: space, "l7")
      #expect(zoned?["spec"]["renewTime"] == "2024-05-06T07:08:09.123456Z")
    }

    @Test(arguments: TestClusterKind.available)
    func refuses(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      for (spec, code, part) in Self.refused {
        let answer = try await cluster.create(lease("a", in: space, spec: spec))
        expectRefusal(answer, code, code == 422 ? "Invalid" : "BadRequest", part)
        guard code == 422 else { continue }
        #expect(answer.json["details"]["kind"] == "Lease")
        #expect(answer.json["details"]["group"] == "coordination.k8s.io")
        #expect(answer.json["details"]["causes"].array.first?["reason"] == "FieldValueInvalid")
      }
      #expect(try await cluster.list(.lease, in: space).isEmpty)
    }

    @Test(arguments: TestClusterKind.available)
    func namesAreSubdomains(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      for name in [
        "a", "announcer-ip-10-80-8-150", "a.b.c", String(repeating: "a", count: 253), "0",
      ] {
        #expect(try await cluster.create(lease(name, in: space)).code == 201, "\(name)")
      }
      for name in ["A", "a_b", "-a", "a-", "a..b", String(repeating: "a", count: 254), "a:b"] {
        expectRefusal(
          try await cluster.create(lease(name, in: space)), 422, "Invalid",
          "metadata.name: Invalid value")
      }
    }
  }
}
