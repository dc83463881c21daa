import EtcdTestKit
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// Each right of `rbac.yaml` taken away in turn, on a real API server: the program names it.
@Suite(
  .needsLAN, .serialized, .timeLimit(.minutes(15)),
  .enabled(
    if: RealAPIServer.reasonNotAvailable == nil, "no kube-apiserver: see make test-kubernetes"))
struct MissingRightTests {
  /// One verb on one resource.
  struct Right: Hashable, CustomStringConvertible {
    let kind: String
    let group: String
    let resource: String
    let verb: String

    /// As the API server words its refusal.
    var refusal: String { "cannot \(verb) resource \"\(resource)\"" }
    /// As `check --store` does.
    var question: String {
      "this user may not \(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")"
    }
    var description: String { "\(verb) \(resource)" }

    /// Whether a daemon asks for it in the first seconds. The others are for what happens later or seldom: a Lease that
    /// changed beside a claim, litter of nodes that are gone, an event that comes again, a Service that another program
    /// changes at the same time. These `check --store` names alone.
    var isUsedAtOnce: Bool {
      !["get leases", "delete leases", "patch events", "get services"].contains(description)
    }
  }

  /// All rights of the manifest, one by one.
  private static func rights() throws -> [Right] {
    try RealCluster.manifest("deploy/kubernetes/rbac.yaml").flatMap { object -> [Right] in
      let kind = object["kind"].string ?? ""
      guard kind == "Role" || kind == "ClusterRole" else { return [] }
      return object["rules"].array.flatMap { rule in
        rule["apiGroups"].array.flatMap { group in
          rule["resources"].array.flatMap { resource in
            rule["verbs"].array.map { verb in
              Right(
                kind: kind, group: group.string ?? "", resource: resource.string ?? "",
                verb: verb.string ?? "")
            }
          }
        }
      }
    }
  }

  /// Makes the roles of the manifest grant everything but these.
  private func grantAll(but missing: Set<Right>, _ cluster: RealCluster) async throws {
    let all = try Self.rights()
    for var role in try RealCluster.manifest("deploy/kubernetes/rbac.yaml") {
      let kind = role["kind"].string
      guard kind == "Role" || kind == "ClusterRole" else { continue }
      role["rules"] = .array(
        all.filter { $0.kind == kind && !missing.contains($0) }.map { right in
          .object([
            "apiGroups": .array([.string(right.group)]),
            "resources": .array([.string(right.resource)]),
            "verbs": .array([.string(right.verb)]),
          ])
        })
      try await cluster.replace(role)
    }
  }

  private func withRights(_ body: (RealCluster, String) async throws -> Void) async throws {
    try await withRealCluster(["node-a"]) { cluster in
      let server = cluster.server
      for object in try RealCluster.manifest("deploy/kubernetes/rbac.yaml") {
        try await cluster.create(object)
      }
      try await server.apply(Objects.node("node-a"))
      try await server.apply(Objects.policy())
      try await server.apply(Objects.pool("lan", "10.80.9.0", "10.80.9.250"))
      try await server.apply(Objects.service("web", "10.80.8.150"))
      try await body(cluster, try await cluster.kubeconfig())
    }
  }

  private func settings(_ kubeconfig: String) -> Node.Settings {
    Node.Settings(
      addresses: [], extra: "kubernetes: {kubeconfig: \(kubeconfig), addressPools: on}",
      lease: "{backend: kubernetes, duration: 3s}")
  }

  /// What `status` and `pools` say, in one line.
  private func told(by node: Node) async throws -> String {
    var text = ""
    for command in ["status", "pools"] {
      let result = try await node.client.ask(command)
      text += result.standardOutput + result.standardError
    }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func eachIsNamedByCheckAndByADaemonThatStarts() async throws {
    try await withRights { cluster, kubeconfig in
      let file = cluster.scratch.path("check.yaml")
      try Node.yaml(
        settings(kubeconfig), cluster.scratch, socket: cluster.scratch.path("nobody.sock")
      ).write(toFile: file, atomically: true, encoding: .utf8)
      let rights = try Self.rights()
      #expect(rights.count >= 20)
      for (number, right) in rights.enumerated() {
        try await grantAll(but: [right], cluster)
        var checked = ""
        // The server hears of it by a watch of its own.
        let named = try await timeUntil(within: .seconds(60)) {
          checked = try await cluster.lan["node-a"].run(
            Program.path, "check", "--store", "--config", file
          ).standardOutput
          return checked.contains(right.question)
            && checked.ranges(of: "this user may not").count == 1
        }
        #expect(named != nil, "check does not name \(right):\n\(checked)")
        guard right.isUsedAtOnce else { continue }
        // Something to write for each of the writers.
        try await cluster.server.apply(Objects.waiting("waiting-\(number)"))
        try await cluster.server.apply(
          Objects.policy("faulty-\(number)", interfaces: "("))
        let node = try await Node.start(
          on: cluster.lan["node-a"], in: cluster.scratch, settings(kubeconfig),
          label: "node-\(number)", waits: false)
        var text = ""
        let said = try await timeUntil(within: .seconds(30)) {
          guard try await node.statusIfServed() != nil else { return false }
          text = try await told(by: node)
          return text.contains(right.refusal)
        }
        #expect(said != nil, "neither status nor pools names \(right):\n\(text)\n\(node.log)")
        await eventually(within: .seconds(10), "the log does not name \(right):\n\(node.log)") {
          node.log.replacing("\\\"", with: "\"").contains(right.refusal)
        }
        node.process.signal(15)
        _ = try await node.process.wait()
      }
    }
  }

  /// The connections break, as with an upgrade of the API server; what was announced stays announced.
  @Test func whatIsTakenAwayWhileItRunsIsNamed() async throws {
    try await withRights { cluster, kubeconfig in
      let node = try await Node.start(
        on: cluster.lan["node-a"], in: cluster.scratch, settings(kubeconfig))
      try await node.waitFor("announcing")
      let rights = try Self.rights().filter {
        ["patch services/status", "create events", "patch ciliumloadbalancerippools/status"]
          .contains($0.description)
          || ($0.kind == "ClusterRole" && $0.verb == "watch" && $0.resource == "endpointslices")
      }
      #expect(rights.count == 4)
      for right in rights {
        try await grantAll(but: [right], cluster)
        var number = 0
        var text = ""
        let said = try await timeUntil(within: .seconds(60)) {
          cluster.proxy.cut()
          // Something to write: the server may not have heard yet when the last one came.
          number += 1
          try await cluster.server.apply(
            Objects.waiting("\(right.verb)-\(right.resource.filter(\.isLetter))-\(number)"))
          return try await timeUntil(within: .seconds(3)) {
            text = try await told(by: node)
            return text.contains(right.refusal)
          } != nil
        }
        #expect(said != nil, "neither status nor pools names \(right):\n\(text)\n\(node.log)")
        #expect(
          node.log.replacing("\\\"", with: "\"").contains(right.refusal),
          "the log does not name \(right):\n\(node.log)")
        #expect(try await node.address()?.state == "announcing")
        try await grantAll(but: [], cluster)
        // What was refused rests for half a minute.
        try await eventually(within: .seconds(90), "\(right) is still said to be missing") {
          try await !told(by: node).contains(right.refusal)
        }
      }
    }
  }
}
