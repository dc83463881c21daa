import Foundation
import KubernetesTestKit
import LANTestKit
import Testing

/// What kustomize makes of the base and each component is what the chart renders with the values of the same meaning.
@Suite(.needsHelm) struct KustomizeTests {
  static let same: [(components: [String], namespace: String, values: [String])] = [
    ([], "kube-system", []),
    (["talos"], "kube-system", ["k8sServiceHost=localhost", "k8sServicePort=7445"]),
    (["run-as-root"], "kube-system", ["runAsRoot=true"]),
    (["pools"], "kube-system", ["config.kubernetes.addressPools=on"]),
    (
      ["prometheus"], "kube-system",
      [
        "podMonitor.enabled=true", "prometheusRule.enabled=true", "dashboard.enabled=true",
        "config.metrics.listen=0.0.0.0:9717",
      ]
    ),
    (
      ["pools", "talos", "run-as-root", "own-namespace"], "announcer",
      [
        "config.kubernetes.addressPools=on", "k8sServiceHost=localhost", "k8sServicePort=7445",
        "runAsRoot=true",
      ]
    ),
  ]

  @Test(arguments: same) func isWhatTheChartRenders(
    _ components: [String], _ namespace: String, _ values: [String]
  ) async throws {
    let copy = FileManager.default.temporaryDirectory.appending(
      path: "announcer-kustomize-\(UUID())")
    try FileManager.default.copyItem(
      at: Deployment.root.appending(path: "deploy/kustomize"), to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    let directory = copy.appending(path: "overlay")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    let lines = components.map { "  - ../components/\($0)\n" }.joined()
    try """
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources: [../base]
    \(components.isEmpty ? "" : "components:\n\(lines)")
    """.write(
      to: directory.appending(path: "kustomization.yaml"), atomically: true, encoding: .utf8)
    let made = try await Deployment.kustomized(directory.path)
    let wanted = try await Deployment.rendered(
      values + ["restartOnConfigChange=false"], namespace: namespace)
    #expect(made.filter { $0.kind != "Namespace" }.count == wanted.count)
    for object in wanted where object.name != "announcer" || object.kind != "ConfigMap" {
      let other = made.first { $0.kind == object.kind && $0.name == object.name }
      #expect(
        other.map { plain($0, isOfKustomize: true) } == plain(object),
        "\(object.kind) \(object.name)"
      )
    }
  }

  /// Without what only one of the two ways has.
  private func plain(_ object: JSON, isOfKustomize: Bool = false) -> JSON {
    var object = object
    object["metadata"]["labels"]["helm.sh/chart"] = .null
    object["metadata"]["labels"]["app.kubernetes.io/managed-by"] = .null
    if isOfKustomize {
      // Its ConfigMap is named by its content.
      object["spec"]["template"]["spec"]["volumes"] = .array(
        object["spec"]["template"]["spec"]["volumes"].array.map { volume in
          guard let name = volume["configMap"]["name"].string else { return volume }
          var volume = volume
          volume["configMap"]["name"] = .string(String(name.prefix { $0 != "-" }))
          return volume
        })
      if object["spec"]["template"]["spec"]["volumes"] == [] {
        object["spec"]["template"]["spec"]["volumes"] = .null
      }
    }
    return object.withoutEmptyObjects
  }

  @Test func theConfigurationIsTheChartsAndNamedByItsContent() async throws {
    let map = try await Deployment.kustomized("base").first("ConfigMap")
    #expect(map.name.wholeMatch(of: /announcer-[a-z0-9]{10}/) != nil, "\(map.name)")
    let wanted = try await Deployment.rendered().first("ConfigMap")
    func configuration(_ map: JSON) throws -> JSON? {
      try JSON.documents(yaml: map["data"]["announcer.yaml"].string ?? "").first
    }
    #expect(try configuration(map) == configuration(wanted))
  }

  @Test func theNamespaceLetsThePodsIn() async throws {
    let namespace = try #require(
      try Deployment.objects("deploy/kustomize/components/own-namespace/namespace.yaml").first)
    for mode in ["enforce", "audit", "warn"] {
      #expect(
        namespace["metadata"]["labels"]["pod-security.kubernetes.io/\(mode)"] == "privileged")
    }
  }

  /// The example has everything: its own configuration in place of the base's, a policy, a pool, monitoring.
  @Test func theExampleBuilds() async throws {
    let objects = try await Deployment.kustomized("example")
    let maps = objects.filter { $0.kind == "ConfigMap" && $0["data"]["announcer.yaml"] != .null }
    #expect(maps.count == 1)
    #expect(
      try maps.first?["data"]["announcer.yaml"].string
        == Deployment.text("deploy/kustomize/example/announcer.yaml"))
    let used = try objects.first("DaemonSet")["spec"]["template"]["spec"]["volumes"].array
      .compactMap { $0["configMap"]["name"].string }
    #expect(used == maps.map(\.name))
    for kind in [
      "CiliumL2AnnouncementPolicy", "CiliumLoadBalancerIPPool", "PodMonitor", "PrometheusRule",
    ] { _ = try objects.first(kind) }
  }

  @Test func theKindsBuild() async throws {
    let kinds = try await Deployment.kustomized("crds")
    #expect(kinds.map(\.kind) == ["CustomResourceDefinition", "CustomResourceDefinition"])
  }
}

extension JSON {
  /// Setting a field of an object that is not there makes one.
  fileprivate var withoutEmptyObjects: JSON {
    switch self {
    case .object(let fields):
      .object(
        fields.compactMapValues {
          let value = $0.withoutEmptyObjects
          return value == .object([:]) ? nil : value
        })
    case .array(let elements): .array(elements.map(\.withoutEmptyObjects))
    default: self
    }
  }
}
