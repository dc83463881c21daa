import Foundation
import KubernetesTestKit
import Testing

/// What we ship has the form that Kubernetes from 1.25 on demands, in each of its versions.
@Suite(.needsKubernetesSchemas) struct KubernetesVersionTests {
  static let files = [
    "deploy/crds/ciliuml2announcementpolicies.yaml", "deploy/crds/ciliumloadbalancerippools.yaml",
    "deploy/kubernetes/announcer.yaml", "deploy/kubernetes/rbac.yaml", "deploy/kpt/announcer.yaml",
    "deploy/kustomize/base/objects.yaml", "deploy/kustomize/components/pools/rights.yaml",
    "deploy/kustomize/components/own-namespace/namespace.yaml",
  ]

  @Test func thereAreSeveralVersions() {
    #expect(KubernetesSchemas.versions.count >= 10, "\(KubernetesSchemas.versions)")
  }

  @Test(arguments: KubernetesSchemas.versions) func filesAreRight(_ version: String) throws {
    let schemas = try KubernetesSchemas(version)
    for path in Self.files {
      for object in try Deployment.objects(path) {
        #expect(schemas.faults(of: object) == [], "\(path) \(object.name) on \(version)")
      }
    }
  }

  @Test(.needsHelm, arguments: ["everything", "etcd"])
  func whatTheChartRendersIsRight(_ name: String) async throws {
    let file = Deployment.root.appending(path: "Tests/DeploymentTests/Golden/\(name).values.yaml")
    let objects = try await Deployment.rendered(arguments: ["--values", file.path])
    // The oldest and the newest one: reading the schemas takes a second.
    for version in KubernetesSchemas.versions.prefix(1) + KubernetesSchemas.versions.suffix(1) {
      let schemas = try KubernetesSchemas(version)
      // The kinds of Cilium and of the Prometheus operator are not Kubernetes' own.
      for object in objects
      where object["apiVersion"].string?.contains(/^(cilium\.io|monitoring\.)/) == false {
        #expect(schemas.faults(of: object) == [], "\(object.kind) \(object.name) on \(version)")
      }
    }
  }

  /// The schemas find what they are for.
  @Test(arguments: KubernetesSchemas.versions.suffix(1))
  func faultsAreFound(_ version: String) throws {
    let schemas = try KubernetesSchemas(version)
    let set = try Deployment.objects("deploy/kubernetes/announcer.yaml").first("DaemonSet")
    func faults(_ change: (inout JSON) -> Void) -> [String] {
      var changed = set
      change(&changed)
      return schemas.faults(of: changed)
    }
    #expect(
      faults { $0["spec"]["template"]["spec"]["hostNetworks"] = true }
        == ["DaemonSet.spec.template.spec.hostNetworks: there is no such field"])
    #expect(
      faults { $0["spec"]["minReadySeconds"] = "5" }
        == [#"DaemonSet.spec.minReadySeconds: "5" is not of the type integer or null"#])
    #expect(faults { $0["spec"]["selector"] = .null } == ["DaemonSet.spec: selector is missing"])
    #expect(
      faults { $0["apiVersion"] = "extensions/v1beta1" }
        == ["there is no extensions/v1beta1 DaemonSet"])
  }
}
