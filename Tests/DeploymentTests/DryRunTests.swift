import Foundation
import KubernetesTestKit
import Testing

/// A real API server takes every object that we ship, with every field of it: a dry run, which writes nothing.
///
/// Servers of this age drop unknown fields without a word. So what comes back has to have all that was sent.
@Suite(.needsKubeAPIServer, .timeLimit(.minutes(5))) struct DryRunTests {
  @Test func everyFileIsTaken() async throws {
    try await withServer { server in
      for path in [
        "deploy/kubernetes/announcer.yaml", "deploy/kubernetes/rbac.yaml",
        "deploy/kpt/announcer.yaml", "deploy/kpt/policy.yaml", "deploy/kpt/pool.yaml",
        "deploy/kustomize/base/objects.yaml", "deploy/kustomize/components/pools/rights.yaml",
        "deploy/kustomize/components/own-namespace/namespace.yaml",
        "deploy/kustomize/example/policy.yaml", "deploy/kustomize/example/pool.yaml",
      ] {
        for object in try Deployment.objects(path) { try await expectTaken(object, path, server) }
      }
    }
  }

  @Test func thePodIsTaken() async throws {
    try await withServer { server in
      for path in ["deploy/kubernetes/announcer.yaml", "deploy/kustomize/base/objects.yaml"] {
        try await expectTaken(try pod(of: Deployment.objects(path)), path, server)
      }
    }
  }

  @Test(.needsHelm, arguments: ["everything", "etcd"])
  func whatTheChartRendersIsTaken(_ name: String) async throws {
    let file = Deployment.root.appending(path: "Tests/DeploymentTests/Golden/\(name).values.yaml")
    let objects = try await Deployment.rendered(arguments: ["--values", file.path])
    try await withServer { server in
      // Of the Prometheus operator, whose kinds are not here.
      for object in objects where object["apiVersion"] != "monitoring.coreos.com/v1" {
        try await expectTaken(object, name, server)
      }
      try await expectTaken(try pod(of: objects), name, server)
    }
  }

  /// The definitions themselves, as kubectl sends them.
  @Test func theKindsAreTaken() async throws {
    let server = try await RealAPIServer.start(kinds: [])
    do {
      for kind in [APIKind.policy(), .pool()] {
        try await expectTaken(APIKind.shipped(kind.plural), "deploy/crds", server)
      }
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  private func withServer(_ body: (RealAPIServer) async throws -> Void) async throws {
    let server = try await RealAPIServer.start()
    do {
      try await body(server)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  /// The pod that the DaemonSet's controller would make on node-a.
  private func pod(of objects: [JSON]) throws -> JSON {
    let set = try objects.first("DaemonSet")
    var pod = set["spec"]["template"]
    pod["apiVersion"] = "v1"
    pod["kind"] = "Pod"
    pod["metadata"]["name"] = "announcer-abcde"
    pod["metadata"]["namespace"] = set["metadata"]["namespace"]
    pod["spec"]["nodeName"] = "node-a"
    // No controller makes accounts and their tokens here.
    pod["spec"]["automountServiceAccountToken"] = false
    pod["spec"]["serviceAccountName"] = .null
    return pod
  }

  private func expectTaken(
    _ object: JSON, _ place: String, _ server: RealAPIServer
  ) async throws {
    let what = "\(place): \(object.kind) \(object.name)"
    if object.kind == "Pod" { try await makeDefaultAccount(server) }
    let answer = try await server.call(
      "POST", path(of: object), query: [("dryRun", "All")], body: object)
    // What the server brings itself is taken by its name.
    guard answer.code != 409 else { return }
    #expect(answer.code == 201, "\(what): \(answer.text)")
    let lost = lost(object, answer.json, object.kind)
    #expect(lost.isEmpty, "\(what): the server does not know \(lost)")
  }

  private func makeDefaultAccount(_ server: RealAPIServer) async throws {
    let account: JSON = [
      "apiVersion": "v1", "kind": "ServiceAccount",
      "metadata": ["name": "default", "namespace": "kube-system"],
    ]
    _ = try await server.call("POST", path(of: account), body: account)
  }

  private func path(of object: JSON) -> String {
    let version = object["apiVersion"].string ?? ""
    let kinds: [APIKind] = [.policy(), .pool()]
    let plural =
      kinds.first { $0.kind == object.kind }?.plural ?? "\(object.kind.lowercased())s"
    let isGlobal =
      kinds.contains { $0.kind == object.kind }
      || ["Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"].contains(
        object.kind)
    let namespace = object["metadata"]["namespace"].string ?? "default"
    return (version.contains("/") ? "/apis/" : "/api/") + version
      + (isGlobal ? "" : "/namespaces/\(namespace)") + "/\(plural)"
  }

  /// The paths of what was sent and did not come back.
  private func lost(_ sent: JSON, _ got: JSON, _ path: String) -> [String] {
    switch (sent, got) {
    case (.object(let fields), _):
      fields.sorted { $0.key < $1.key }.flatMap {
        lost($0.value, got[$0.key], "\(path).\($0.key)")
      }
    case (.array(let elements), .array(let others)) where elements.count == others.count:
      zip(elements, others).enumerated().flatMap {
        lost($0.element.0, $0.element.1, "\(path)[\($0.offset)]")
      }
    case (.null, _): []
    // An empty text, and what a number of octets is written as.
    default: sent == got || "\(sent)".isEmpty ? [] : [path]
    }
  }
}
