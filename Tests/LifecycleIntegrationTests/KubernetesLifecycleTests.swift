import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing
import Wire

/// Services of a cluster, announced by the nodes that its objects select.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct KubernetesLifecycleTests {
  @Test func aClustersServicesAreAnnouncedWhereItsObjectsSay() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      try await a.waitFor("announcing")
      let b = try await cluster.start("node-b")
      try await b.waitFor("standby")
      #expect(try await a.address()?.origins == ["service default/web (policy lan)"])
      let source = try #require(try await a.status().sources.first)
      #expect(source.name == "kubernetes" && source.state == "synced" && source.place == server.url)
      #expect(source.objects["Service"] == 1 && source.objects["Node"] == 2)

      // Endpoints decide where they must, and a node without one lets go.
      try server.put(Objects.service("web", "10.80.8.150", local: true))
      try await a.waitFor("blocked")
      #expect(try await a.address()?.reason?.contains("no node has a ready endpoint") == true)
      try server.put(Objects.slice("web", on: "node-b"))
      try await b.waitFor("announcing")
      let reason = try await a.address()?.reason
      #expect(reason?.contains("no ready endpoint of its family is on this node") == true)
      try server.put(Objects.slice("web", on: "node-a"))
      try await a.waitFor("announcing")
      try await b.waitFor("blocked")
      try server.put(Objects.service("web", "10.80.8.150"))
      try await b.waitFor("standby")

      // A node that is taken out of load balancing hands over.
      try server.put(Objects.node("node-a", labels: [exclusion: "true"]))
      try await b.waitFor("announcing")
      try server.put(Objects.node("node-a"))
      try await a.waitFor("standby")
      try server.put(Objects.node("node-b", isCordoned: true))
      try await a.waitFor("announcing")
      try server.put(Objects.node("node-b"))

      // A second Service with the address keeps it when the first goes.
      try server.put(Objects.service("web2", "10.80.8.150"))
      try await eventually { try await a.address()?.origins.count == 2 }
      server.delete("services", "default", "web")
      try await eventually { try await a.address()?.origins.count == 1 }
      #expect(try await a.address()?.state == "announcing")
      server.delete("services", "default", "web2")
      try await eventually { try await a.address() == nil }
    }
  }

  @Test func withoutTheKindOfPoliciesTheFilesDefaultsAreInForceUntilItComes() async throws {
    try await withCluster(kinds: [.service, .node, .event, .endpointSlice()]) { cluster in
      try cluster.server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      try await a.waitFor("announcing")
      #expect(try await a.address()?.origins == ["service default/web (default policy)"])
      cluster.server.serve(.policy())
      // Asked for again every ten seconds or so.
      try await eventually(within: .seconds(30)) { try await a.address() == nil }
      try cluster.server.put(Objects.policy())
      try await a.waitFor("announcing")
    }
  }

  @Test func anAPIServerThatIsAwayChangesNothing() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      try await a.waitFor("announcing")
      try await server.kill()
      try await eventually {
        try await a.status().sources.first?.state == "failing"
      }
      let answers = try #require(try await a.address()).answers
      let asker = try await Asker(on: cluster.lan["client"], for: ["10.80.8.150"])
      try await eventually { try await a.address()!.answers > answers + 10 }
      asker.stop()
      #expect(try await a.address()?.state == "announcing")
      try await a.waitForLog("error", "the cluster cannot be followed")
    }
  }

  @Test func whatIsWrongWithAPolicyIsWrittenIntoItsStatusByOneNode() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      let b = try await cluster.start("node-b")
      try await a.waitFor("announcing")
      try await b.waitFor("standby")
      try server.put(Objects.policy(interfaces: "("))
      func condition() -> JSON? {
        server.object("ciliuml2announcementpolicies", "", "lan")?["status"]["conditions"].array
          .first
      }
      await eventually { condition()?["status"].string == "True" }
      #expect(condition()?["type"].string == "io.cilium/bad-interface-regex")
      #expect(condition()?["reason"].string == "error")
      #expect(condition()?["message"].string?.isEmpty == false)
      // What was in force stays so.
      #expect(try await a.address()?.state == "announcing")
      try server.put(Objects.policy())
      await eventually { condition()?["status"].string == "False" }
      #expect(server.requestCount(.patch, on: "ciliuml2announcementpolicies/status") == 2)
    }
  }

  @Test func theServiceIsToldWhatBecomesOfItsAddress() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      try await a.waitFor("announcing")
      func event(_ reason: String) -> JSON? {
        server.objects("events").first { $0["reason"].string == reason }
      }
      await eventually { event("Announcing") != nil }
      let gained = try #require(event("Announcing"))
      #expect(gained["message"].string == "node-a announces 10.80.8.150 on lan0")
      #expect(gained["type"].string == "Normal")
      let uid = server.object("services", "default", "web")?["metadata"]["uid"]
      #expect(gained["involvedObject"]["uid"] == uid)

      // No interface that the policy names: the address cannot be announced, and is no more.
      try server.put(Objects.policy(interfaces: "nothing"))
      await eventually { event("AnnouncementStopped") != nil && event("CannotAnnounce") != nil }
      #expect(event("CannotAnnounce")?["type"].string == "Warning")
      try server.put(Objects.policy())
      try await a.waitFor("announcing")
      // The same again is a number on the event that is there.
      await eventually { event("Announcing")?["count"].int == 2 }

      // A foreign station.
      let client = cluster.lan["client"]
      try await client.addAddress("10.80.8.150/32")
      _ = try await client.run("arping", "-c", "2", "-A", "-I", "lan0", "10.80.8.150")
      await eventually { event("AddressConflict") != nil }
    }
  }

  /// Each Service hears what concerns it, though nothing becomes of the address.
  @Test func servicesThatShareAnAddressAreToldWhenTheyComeAndGo() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      try await a.waitFor("announcing")
      func messages(_ service: String, _ reason: String) -> [String] {
        server.objects("events").filter {
          $0["reason"].string == reason && $0["involvedObject"]["name"].string == service
        }.compactMap { $0["message"].string }
      }
      await eventually { messages("web", "Announcing").count == 1 }
      try server.put(Objects.service("mail", "10.80.8.150"))
      await eventually {
        messages("mail", "Announcing") == ["node-a announces 10.80.8.150 already"]
      }
      let inner = Objects.service("web", "10.80.8.150").replacing("LoadBalancer", with: "ClusterIP")
      try server.put(inner)
      await eventually {
        messages("web", "AnnouncementStopped") == [
          "node-a no longer announces 10.80.8.150 for this Service; it does so for default/mail"
        ]
      }
      try server.put(inner.replacing("\"web\"", with: "\"mail\""))
      await eventually {
        messages("mail", "AnnouncementStopped")
          == ["node-a no longer announces 10.80.8.150 for this Service"]
      }
      #expect(messages("web", "Announcing") == ["node-a announces 10.80.8.150 on lan0"])
    }
  }

  /// The control planes of kubeadm and Talos carry the label, and small clusters have no other nodes.
  @Test func whereEveryNodeIsExcludedEverythingSaysSo() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      for name in ["node-a", "node-b"] {
        try server.put(Objects.node(name, labels: [exclusion: ""]))
      }
      let a = try await cluster.start("node-a")
      try await a.waitFor("blocked")
      let b = try await cluster.start("node-b")
      try await b.waitFor("blocked")
      let words = "every node that is known and selected is excluded from load balancing"
      #expect(try await b.address()?.reason?.contains(words) == true)
      for node in [a, b] {
        #expect(node.log.split(separator: "\n").count { $0.contains(words) } == 1, "\(node.log)")
      }
      let warnings = { server.objects("events").filter { $0["reason"].string == "CannotAnnounce" } }
      await eventually { !warnings().isEmpty }
      #expect(warnings().first?["type"].string == "Warning")
      #expect(
        warnings().first?["message"].string?.hasPrefix("nobody announces 10.80.8.150: ") == true)

      func check(_ node: Node) async throws -> (status: ProcessStatus, output: CheckOutput) {
        let result = try await node.host.run(
          Program.path, "check", "--config", node.configuration, "--output", "json")
        return (result.status, try CheckOutput(result.standardOutput))
      }
      let bad = try await check(b)
      #expect(bad.status == .exited(1))
      #expect(
        bad.output.problems.contains { $0.contains("policy lan: \(words)") }, "\(bad.output)")

      // One that may announce is enough, and nothing is wrong with the others.
      try server.put(Objects.node("node-a"))
      try await a.waitFor("announcing")
      try await eventually {
        try await b.address()?.reason?.hasPrefix("this node is excluded") == true
      }
      #expect(try await check(b).status == .exited(0))
      // A node that has just started may not know yet that another is there to say it.
      let tellers = Set(warnings().compactMap { $0["source"]["host"].string })
      #expect(tellers.count == warnings().count, "\(warnings())")
    }
  }
}

private let exclusion = "node.kubernetes.io/exclude-from-external-load-balancers"
