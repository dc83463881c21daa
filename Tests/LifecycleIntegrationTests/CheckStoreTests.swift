import EtcdTestKit
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// `announcer check --store`: goes where the daemon would go, and says what a daemon's log would say.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct CheckStoreTests {
  private func check(
    _ scratch: Scratch, _ lines: String, _ arguments: String..., limit: Duration = .seconds(60)
  ) async throws -> CommandResult {
    let file = scratch.path("c.yaml")
    try """
    node: node-a
    control: {socket: \(scratch.path("none.sock"))}
    \(lines)

    """.write(toFile: file, atomically: true, encoding: .utf8)
    return try await runCommand(
      [Program.path, "check", "--store", "--config", file] + arguments, within: limit)
  }

  private func etcd(_ urls: [String], _ more: String = "") -> String {
    let list = urls.map { "\"\($0)\"" }.joined(separator: ", ")
    return "lease: {backend: etcd, etcd: {endpoints: [\(list)]\(more)}}"
  }

  @Test func everyEndpointHasALine() async throws {
    try await EtcdCluster.run(3) { cluster in
      try await Scratch.with { scratch in
        let all = try await check(scratch, etcd(cluster.urls))
        #expect(all.status == .exited(0), "\(all)")
        for url in cluster.urls {
          #expect(
            all.standardOutput.contains("\n  \(url): etcd 3."), "\(all.standardOutput)")
        }
        #expect(all.standardOutput.contains(", the keys below /announcer/ can be read, "))
        // A look leaves nothing behind.
        let keys = try await cluster.control(["get", "--prefix", "--keys-only", ""])
        #expect(keys.isEmpty, "\(keys)")

        await cluster.members[1].kill()
        let gone = cluster.urls[1]
        try await eventually {
          // The rest elect a leader first.
          let two = try await check(scratch, etcd([cluster.urls[0], gone]))
          return two.status == .exited(1)
            && two.standardOutput.contains(
              "\n  the lease store: cannot read the claims on \(gone): Connection refused")
            && two.standardOutput.contains("\n  \(gone): failed after ")
            && two.standardOutput.contains("\n  \(cluster.urls[0]): etcd 3.")
        }
        let json = try JSONValue(
          try await check(scratch, etcd([gone]), "--output", "json").standardOutput)
        #expect(json["store"]?[0]?["answer"] == .null)
        #expect(json["store"]?[0]?.keys == ["place", "answer", "error", "tookMs"])
        #expect(json["ok"] == .bool(false))
      }
    }
  }

  @Test func whoeverIsNotLetInIsToldWhy() async throws {
    try await EtcdCluster.run { cluster in
      for command in [
        ["user", "add", "root:toor"], ["user", "grant-role", "root", "root"],
        ["role", "add", "announcers"],
        ["role", "grant-permission", "announcers", "--prefix=true", "readwrite", "/announcer/"],
        ["user", "add", "announcer:secret"],
        ["user", "grant-role", "announcer", "announcers"], ["auth", "enable"],
      ] { _ = try await cluster.control(command) }
      try await Scratch.with { scratch in
        let password = scratch.path("password")
        func check(_ text: String, _ more: String = "") async throws -> CommandResult {
          try text.write(toFile: password, atomically: true, encoding: .utf8)
          return try await self.check(
            scratch, etcd(cluster.urls, ", username: announcer, passwordFile: \(password)\(more)"))
        }
        #expect(try await check("secret\n").status == .exited(0))
        let wrong = try await check("other\n")
        #expect(wrong.status == .exited(1))
        #expect(
          wrong.standardOutput.contains("etcd does not accept user `announcer`"),
          "\(wrong.standardOutput)")
        let elsewhere = try await check("secret\n", ", prefix: /registry")
        #expect(elsewhere.status == .exited(1))
        #expect(elsewhere.standardOutput.contains("needs a role that reads and writes keys below"))
        let nobody = try await self.check(scratch, etcd(cluster.urls))
        #expect(nobody.status == .exited(1))
        #expect(nobody.standardOutput.contains("set `lease.etcd.username`"))
      }
    }
  }

  /// Endpoints that never answer are given up in time, and beside each other.
  @Test func whatHangsIsBounded() async throws {
    try await EtcdCluster.run { cluster in
      try await Scratch.with { scratch in
        let ways = try (0..<3).map { _ in try TCPProxy(to: cluster.members[0].plan.clientPort) }
        defer { for way in ways { way.close() } }
        for way in ways { way.set { $0.losesRequests = true } }
        let start = wallClock()
        let hung = try await check(scratch, etcd(ways.map(\.url)))
        let took = Double(wallClock() - start) / 1e9
        #expect(hung.status == .exited(1))
        #expect(hung.standardOutput.components(separatedBy: "failed after").count == 4)
        #expect(took > 4 && took < 10, "\(took) s")
      }
    }
  }

  @Test func twoClustersAreNotOne() async throws {
    try await EtcdCluster.run { one in
      try await EtcdCluster.run { other in
        try await Scratch.with { scratch in
          let mixed = try await check(scratch, etcd([one.urls[0], other.urls[0]]))
          #expect(mixed.status == .exited(1))
          #expect(
            mixed.standardOutput.contains("name the members of one cluster"),
            "\(mixed.standardOutput)")
        }
      }
    }
  }

  /// Names in `nodes` are held against the sessions there are.
  @Test func nodesThatAreNotThereAreTold() async throws {
    try await EtcdCluster.run { etcd in
      try await withLAN(["node-b"]) { lan, scratch in
        try await lan["node-b"].addAddress("10.80.0.2/16")
        let socket = try await lan["node-b"].inNamespace {
          try BoundSocket(reachedAs: "10.80.0.2")
        }
        let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
        defer { way.close() }
        let node = try await Node.start(
          on: lan["node-b"], in: scratch,
          Node.Settings(
            name: "node-b",
            lease: "{backend: etcd, etcd: {endpoints: [\"\(way.url)\"]}}"))
        try await node.waitFor("announcing")
        let entry = "announcements: [{name: web, addresses: [10.80.8.150], nodes: [node-b, nodeb]}]"
        let words =
          "configuration/web: `nodes` names nodeb, and no node of that name is there now: "
          + "there are node-a, node-b\n"
        // By the store's word.
        let asked = try await check(scratch, self.etcd(etcd.urls) + "\n" + entry)
        #expect(asked.standardOutput.contains("\n  \(words)"), "\(asked.standardOutput)")
        #expect(
          asked.standardOutput.hasPrefix("\(scratch.path("c.yaml")): right for node node-a, with "))
        // By the daemon's.
        let text = try String(contentsOfFile: node.configuration, encoding: .utf8)
        try text.replacing(
          "[{name: test,",
          with: "[{name: web, addresses: [10.80.8.151], nodes: [nodec]}, {name: test,"
        ).write(toFile: node.configuration, atomically: true, encoding: .utf8)
        let own = try await lan["node-b"].run(
          Program.path, "check", "--config", node.configuration)
        #expect(
          own.standardOutput.contains(
            "configuration/web: `nodes` names nodec, and no node of that name is there now: "
              + "there is node-b\n"), "\(own.standardOutput)")
      }
    }
  }

  @Test func theLocalDirectoryIsLookedAt() async throws {
    try await Scratch.with { scratch in
      let directory = scratch.path("claims")
      let absent = try await check(scratch, "lease: {local: {directory: \(directory)}}")
      #expect(
        absent.standardOutput.contains("\n  \(directory): not there yet; the daemon makes it, "),
        "\(absent.standardOutput)")
      #expect(!scratch.exists("claims"))
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      let there = try await check(scratch, "lease: {local: {directory: \(directory)}}")
      #expect(there.status == .exited(0))
      #expect(there.standardOutput.contains("\n  \(directory): can be written to, "))
    }
  }
}
