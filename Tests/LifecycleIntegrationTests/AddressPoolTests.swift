import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// Services that get their addresses from pools, by whichever node has the duty.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct AddressPoolTests {
  @Test func aServiceGetsAnAddressAndItIsAnnounced() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.151"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      try await a.waitFor("announcing")
      #expect(server.addresses("web") == ["10.80.8.150"])
      let condition = server.condition("web")
      #expect(condition["status"] == "True" && condition["reason"] == "satisfied")
      await eventually {
        server.objects("events").contains {
          $0["reason"] == "AddressAssigned" && $0["involvedObject"]["name"] == "web"
        }
      }
      await eventually {
        server.object("ciliumloadbalancerippools", "", "lan")?.condition("cilium.io/IPsUsed")[
          "message"]
          == "1"
      }

      // The second one has the second address, the third none.
      try server.put(Objects.waiting("web2"))
      await eventually { server.addresses("web2") == ["10.80.8.151"] }
      try server.put(Objects.waiting("web3"))
      await eventually { server.condition("web3")["reason"] == "out_of_ips" }
      #expect(server.addresses("web3") == [])
      await eventually {
        server.objects("events").contains { $0["reason"] == "AddressNotAssigned" }
      }

      // What one gives back goes to the one that waits, and not to anybody who has.
      server.delete("services", "default", "web")
      await eventually { server.addresses("web3") == ["10.80.8.150"] }
      #expect(server.addresses("web2") == ["10.80.8.151"])

      // Whatever is taken back is taken for a reason, in the event and in the condition.
      server.delete("ciliumloadbalancerippools", "", "lan")
      await eventually { server.addresses("web2") == [] }
      let words = "10.80.8.151 taken back: no pool has it"
      #expect(server.condition("web2")["message"].string?.hasSuffix("; \(words)") == true)
      await eventually {
        server.objects("events").contains {
          $0["reason"] == "AddressReleased" && $0["message"].string == words
        }
      }
    }
  }

  @Test func aRestartWritesNothing() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      for number in 0..<5 { try server.put(Objects.waiting("web\(number)")) }
      let a = try await cluster.startGiving("node-a")
      await eventually { server.quietFor(pools: "lan", used: "5") }
      a.process.signal(15)
      _ = try await a.process.wait()
      server.forgetRequests()
      let again = try await cluster.startGiving("node-a")
      try await eventually { try await again.pools().state == "giving" }
      // The next one shows that everything before it was decided.
      try server.put(Objects.waiting("later"))
      await eventually { server.addresses("later").count == 1 }
      let written = server.requests.filter { $0.verb == .patch && $0.resource == "services/status" }
      #expect(written.allSatisfy { $0.name == "later" }, "\(written)")
    }
  }

  /// What the backup says counts from then on, and pools of one history never meet Services of another.
  @Test func aBackupThatIsPutBackTakesNothingFromAnybody() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually {
        server.addresses("web") == ["10.80.8.150"] && server.quietFor(pools: "lan", used: "1")
      }
      let backup = try await server.backUp()
      try server.put(Objects.pool("new", "10.80.8.200", "10.80.8.209"))
      server.delete("ciliumloadbalancerippools", "", "lan")
      try server.put(Objects.waiting("lost"))
      await eventually {
        server.addresses("web") != ["10.80.8.150"] && server.allHaveAddresses
      }
      await eventually { server.quietFor(pools: "new", used: "2") }

      server.forgetRequests()
      try await backup.restore()
      try server.put(Objects.waiting("next"))
      await eventually { server.addresses("next") == ["10.80.8.151"] }
      #expect(server.addresses("web") == ["10.80.8.150"])
      await eventually { server.quietFor(pools: "lan", used: "2") }
      let written = server.requests.filter { $0.verb == .patch && $0.resource == "services/status" }
      #expect(Set(written.map(\.name)) == ["next"], "\(written)")
      #expect(try await a.pools().foreign == [])
    }
  }

  @Test func withoutTheKindOfPoolsNothingIsTakenBack() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually { server.addresses("web") == ["10.80.8.150"] }
      a.process.signal(15)
      _ = try await a.process.wait()
      try await server.uninstall(.pool())
      let again = try await cluster.startGiving("node-a")
      try await eventually { try await again.pools().state == "blocked" }
      #expect(try await again.pools().error?.contains("CiliumLoadBalancerIPPool") == true)
      #expect(server.addresses("web") == ["10.80.8.150"])
    }
  }

  @Test func whoeverTurnsItOffGivesNothingMore() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      let a = try await cluster.startGiving("node-a")
      try await eventually { try await a.pools().state == "giving" }
      let text = try String(contentsOfFile: a.configuration, encoding: .utf8)
      try a.reload(text: text.replacing("addressPools: on", with: "addressPools: off"))
      try await eventually { try await a.pools().state == "off" }
      server.forgetRequests()
      try server.put(Objects.waiting("web"))
      try await eventually { try await a.pools().services.responsible == 1 }
      #expect(server.requestCount(.patch, on: "services/status") == 0)
      try a.reload(text: text)
      await eventually { server.addresses("web") == ["10.80.8.150"] }
    }
  }

  @Test func aMissingRightIsSaid() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      server.deny([.patch], on: "services/status")
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      try await eventually { try await a.pools().state == "blocked" }
      #expect(try await a.pools().error?.contains("services/status") == true)
    }
  }

  @Test func peopleAreTold() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.159"))
      try server.put(Objects.pool("wrong", "192.0.2.1", "192.0.2.9"))
      try server.put(Objects.pool("garbled", "10.80.8.200", "10.80.8.190"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a", more: "metrics: {listen: \"127.0.0.1:9717\"}")
      await eventually { server.addresses("web") == ["10.80.8.150"] }
      let explained = try await a.client.ask("explain", "10.80.8.150").standardOutput
      #expect(explained.contains("pool lan gives it out"), "\(explained)")
      #expect(explained.contains("service default/web: has it"), "\(explained)")
      try await eventually {
        try await a.status().warnings.contains {
          $0.contains("pool wrong lies in no subnet of lan0")
        }
      }
      #expect(try await !a.status().warnings.contains { $0.contains("pool lan lies") })
      let pools = try await a.pools().pools
      #expect(pools.map(\.state) == ["invalid", "active", "active"])
      let text = try await a.host.run("curl", "-s", "http://127.0.0.1:9717/metrics").standardOutput
      for line in [
        #"announcer_pools_giving 1"#, #"announcer_pool_addresses{pool="lan",state="used"} 1"#,
        #"announcer_pool_addresses{pool="lan",state="available"} 9"#,
        #"announcer_pool_state{pool="garbled",state="invalid"} 1"#,
        #"announcer_pool_services{reason="satisfied"} 1"#,
      ] {
        #expect(text.contains(line), "\(line)")
      }
    }
  }

  /// Servers before 1.20 throw the conditions of Services away: nothing is written again for them.
  @Test func aServerWithoutConditionsIsNotWrittenForThem() async throws {
    var kinds = APIServer.Options().kinds
    kinds[kinds.firstIndex(of: .service)!].dropsConditions = true
    try await withCluster(kinds: kinds) { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.151"))
      for name in ["web0", "web1"] { try server.put(Objects.waiting(name)) }
      let a = try await cluster.startGiving("node-a")
      await eventually { server.quietFor(pools: "lan", used: "2") }
      // This one gets nothing, which its conditions would say.
      try server.put(Objects.waiting("web2"))
      try await eventually { try await a.pools().services.unsatisfied["out_of_ips"] == 1 }
      // The next one shows that everything before it was decided.
      try server.put(Objects.pool("more", "10.80.8.160", "10.80.8.160"))
      await eventually { server.quietFor(pools: "more", used: "1") }
      await eventually { server.addresses("web2") == ["10.80.8.160"] }
      let written = server.requests.filter { $0.verb == .patch && $0.resource == "services/status" }
      #expect(written.count == 4, "one for each, after one trial: \(written)")
      #expect(server.condition("web0") == .null)
      #expect(a.log.contains("conditions"))
    }
  }

  @Test func anAPIServerThatFailsForAWhileCostsNobodyHisAddress() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      let a = try await cluster.startGiving("node-a")
      try await eventually { try await a.pools().state == "giving" }
      let faults: [Fault.Effect] = [
        .status(500), .status(409), .loseAnswer, .cut, .truncate(20), .delay(.seconds(3)), .hang,
        .page(502, "<html>"), .throttle(retryAfter: 1),
      ]
      for fault in faults {
        server.faults.add(fault, resources: ["services/status"], times: 3)
        let name = "web-\(UInt32.random(in: 0 ... .max))"
        try server.put(Objects.waiting(name))
        #expect(
          await eventually(within: .seconds(30)) { server.addresses(name).count == 1 },
          "\(fault): \(a.log.suffix(500))")
      }
      let given = server.objects("services").map {
        $0["status"]["loadBalancer"]["ingress"].array.compactMap(\.["ip"].string)
      }
      #expect(given.count == faults.count && Set(given).count == faults.count)
      try await eventually { try await a.pools().error == nil }
    }
  }

  @Test func aStrangersAddressIsAdoptedAndNotFoughtOver() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually { server.addresses("web") == ["10.80.8.150"] }
      try server.put(Objects.service("web", "10.80.8.177"))
      try await eventually { try await a.pools().foreign.contains { $0.contains("default/web") } }
      try server.put(Objects.waiting("web2"))
      await eventually { server.addresses("web2") == ["10.80.8.150"] }
      #expect(server.addresses("web") == ["10.80.8.177"])
    }
  }
}
