import KubernetesTestKit
import Testing

/// The definitions in `deploy/crds` are what Cilium's operator can take over, and what clients of Cilium's kinds expect.
@Suite struct ShippedDefinitionTests {
  private func definition(_ kind: APIKind) -> JSON { APIKind.shipped(kind.plural) }

  private func versions(_ kind: APIKind) -> [JSON] { definition(kind)["spec"]["versions"].array }

  @Test(arguments: [APIKind.policy(), .pool()]) func namesTheKind(_ kind: APIKind) {
    let definition = definition(kind)
    #expect(definition["apiVersion"] == "apiextensions.k8s.io/v1")
    #expect(definition["metadata"] == ["name": .string(kind.resource)])
    #expect(definition["spec"]["group"] == "cilium.io")
    #expect(definition["spec"]["scope"] == "Cluster")
    #expect(definition["spec"]["names"]["kind"].string == kind.kind)
    #expect(definition["spec"]["names"]["plural"].string == kind.plural)
    #expect(definition["spec"]["names"]["categories"] == ["cilium"])
  }

  /// With the label, Cilium's operator would leave our definition alone for ever.
  @Test(arguments: [APIKind.policy(), .pool()]) func hasNoLabelOfCilium(_ kind: APIKind) {
    #expect(definition(kind)["metadata"]["labels"] == .null)
    #expect(!definition(kind).text.contains("schema.version"))
  }

  @Test func shortNames() {
    #expect(definition(.policy())["spec"]["names"]["shortNames"] == ["l2announcement"])
    #expect(
      definition(.pool())["spec"]["names"]["shortNames"]
        == ["ippools", "ippool", "lbippool", "lbippools"])
  }

  @Test func policiesHaveOneVersion() {
    #expect(versions(.policy()).map { $0["name"] } == ["v2alpha1"])
    #expect(versions(.policy()).map { $0["storage"] } == [true])
  }

  /// A Cilium that knows v2 alone refuses to start where v2alpha1 was stored.
  @Test func poolsAreStoredInTheVersionThatStays() {
    let versions = versions(.pool())
    #expect(versions.map { $0["name"] } == ["v2", "v2alpha1"])
    #expect(versions.map { $0["served"] } == [true, true])
    #expect(versions.map { $0["storage"] } == [true, false])
    #expect(versions.map { $0["deprecated"] } == [.null, true])
    #expect(versions[0]["schema"] == versions[1]["schema"])
    #expect(versions[0]["additionalPrinterColumns"] == versions[1]["additionalPrinterColumns"])
    #expect(definition(.pool())["spec"]["conversion"] == ["strategy": "None"])
  }

  @Test(arguments: [APIKind.policy(), .pool()])
  func theStatusIsWrittenApart(_ kind: APIKind) {
    for version in versions(kind) { #expect(version["subresources"] == ["status": [:]]) }
  }

  @Test func columns() {
    func names(_ kind: APIKind) -> [String] {
      versions(kind)[0]["additionalPrinterColumns"].array.compactMap { $0["name"].string }
    }
    #expect(names(.policy()) == ["Age"])
    #expect(names(.pool()) == ["Disabled", "Conflicting", "IPs Available", "Age"])
  }

  /// What Cilium's own definition admits stays admissible: no rule of ours, and only these fields are required.
  @Test func isNotStricterThanCilium() {
    func required(_ kind: APIKind) -> JSON {
      versions(kind)[0]["schema"]["openAPIV3Schema"]["required"]
    }
    #expect(required(.policy()) == ["metadata"])
    #expect(required(.pool()) == ["metadata", "spec"])
    for kind in [APIKind.policy(), .pool()] {
      #expect(!definition(kind).text.contains("x-kubernetes-validations"))
      let spec = versions(kind)[0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
      #expect(spec["required"] == .null)
    }
  }

  /// `kubectl get` asks for a table.
  @Test(.needsKubeAPIServer) func kubectlShowsTheColumns() async throws {
    try await TestClusterKind.real.run { cluster in
      try await cluster.apply([
        "apiVersion": "cilium.io/v2", "kind": "CiliumLoadBalancerIPPool",
        "metadata": ["name": "lan"], "spec": ["blocks": [["cidr": "192.0.2.0/28"]]],
      ])
      let condition: JSON = [
        "type": "cilium.io/IPsAvailable", "status": "Unknown", "reason": "noreason",
        "message": "14", "lastTransitionTime": "2024-05-06T07:08:09Z",
      ]
      _ = try await cluster.call(
        "PATCH", "\(APIKind.pool().path("v2", in: nil, "lan"))/status",
        body: ["status": ["conditions": .array([condition])]],
        contentType: "application/merge-patch+json")
      let table = try await cluster.call(
        "GET", APIKind.pool().path("v2"),
        accept: "application/json;as=Table;v=v1;g=meta.k8s.io"
      ).json
      #expect(
        table["columnDefinitions"].array.compactMap { $0["name"].string }
          == ["Name", "Disabled", "Conflicting", "IPs Available", "Age"])
      let cells = table["rows"].array.first?["cells"].array ?? []
      #expect(cells.prefix(4) == ["lan", false, .null, "14"])
    }
  }
}
