import FoundationEssentials
import LANTestKit
import Testing

/// `announcer report`: one archive, and no secret in it.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct ReportCommandTests {
  private func files(in archive: String) async throws -> [String: String] {
    let names = try await runCommand(["tar", "-tzf", archive]).standardOutput
    var files: [String: String] = [:]
    for name in names.split(separator: "\n") where !name.hasSuffix("/") {
      let text = try await runCommand(["tar", "-xOzf", archive, String(name)]).standardOutput
      files[String(name.split(separator: "/").last ?? "")] = text
    }
    return files
  }

  @Test func whatARunningNodeHasToSay() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let host = lan["node"]
      let node = try await Node.start(
        on: host, in: scratch,
        Node.Settings(addresses: ["10.80.8.150", "2001:db8::10"], extra: "# s3cret-comment"))
      try await node.waitFor("announcing")
      try await node.client.ask("drain")
      let archive = scratch.path("report.tar.gz")
      let result = try await host.run(
        Program.path, "report", "--socket", node.socket, "--output", archive)
      #expect(result.status == .exited(0), "\(result.standardError)")
      #expect(result.standardOutput.hasPrefix("\(archive): "))
      let mode = try await runCommand(["stat", "-c", "%a", archive])
      #expect(mode.standardOutput == "600\n")

      let files = try await files(in: archive)
      for (name, words) in [
        ("manifest.txt", "configuration \(node.configuration)"), ("version.txt", "announcer "),
        ("status.json", "\"node\":\"node-a\""), ("status.txt", "drained"),
        ("cluster.txt", "STATE"),
        ("explain.txt", "10.80.8.150"), ("configuration.yaml", "10.80.8.150"),
        ("check.txt", "right for"), ("links.json", "\"lan0\""), ("addresses.txt", "lan0"),
        ("sysctl.txt", "net.ipv4.conf.lan0.arp_ignore = 0"), ("system.txt", "Linux version"),
        ("routes6.json", "lan0"), ("nftables.txt", ""), ("neighbours.json", ""),
      ] {
        #expect(
          files[name]?.contains(words) == true || words.isEmpty && files[name] != nil, "\(name)")
      }
      let manifest = try #require(files["manifest.txt"])
      #expect(
        manifest.contains("metrics.txt: MISSING, the daemon's metrics: metrics.listen is off"))
      for name in files.keys where name != "manifest.txt" {
        #expect(manifest.contains("\n\(name): "), "\(name)")
      }
      #expect(files.values.allSatisfy { !$0.contains("s3cret") })
    }
  }

  /// No daemon, a configuration that is wrong in every way that quotes it, and secrets wherever one may be.
  @Test func noSecretAnywhere() async throws {
    try await withLAN(["node"]) { lan, scratch in
      func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
        return scratch.path(name)
      }
      let password = try write("password", "s3cret-in-file\n")
      let key = try write(
        "client.key", "-----BEGIN PRIVATE KEY-----\ns3cret+key+line\n-----END PRIVATE KEY-----\n")
      let token = try write("token", "s3cret-token-file")
      let kubeconfig = try write(
        "kubeconfig",
        """
        users:
        - name: a
          user: {token: s3cret-kube-token, client-key-data: s3cret-key-data, tokenFile: \(token)}
        """)
      let configuration = try write(
        "a.yaml",
        """
        # s3cret-comment
        node: s3cret-in-file
        interfaces: [lan0]
        announcements: [{name: s3cret-token-file, addresses: [10.80.8.150, s3cret-kube-token]}]
        password: s3cret-password
        api_token: [s3cret-list, {x: s3cret-nested}]
        lease:
          backend: etcd
          etcd:
            endpoints: ["https://s3cret-user:s3cret-url@10.80.0.11:2379", "root:s3cret-bare@10.80.0.12:2379"]
            username: root:s3cret-bare
            password: s3cret-password
            passwordFile: \(password)
            certificate: /s3cret-password
            key: \(key)
        kubernetes: {kubeconfig: \(kubeconfig), loadBalancerClasses: [s3cret+key+line]}
        s3cret-url: unknown
        """)
      let archive = scratch.path("report.tar.gz")
      // A name of an interface is in many parts.
      try await lan["node"].ip(
        "link", "add", "s3cret-list", "type", "veth", "peer", "name", "other")
      let result = try await lan["node"].run(
        Program.path, "report", "--socket", scratch.path("nobody.sock"), "--config", configuration,
        "--output", archive)
      #expect(result.status == .exited(0), "\(result.standardError)")
      #expect(!result.standardError.contains("s3cret"), "\(result.standardError)")
      let files = try await files(in: archive)
      #expect(files["links.json"]?.contains("[removed]") ?? false)
      #expect(files["check.txt"]?.contains("[removed]") ?? false, "\(files["check.txt"] ?? "none")")
      for (name, text) in files {
        let found = text.split(separator: "\n").filter { $0.contains("s3cret") }
        #expect(found.isEmpty, "\(name): \(found)")
      }
      let manifest = try #require(files["manifest.txt"])
      #expect(
        manifest.contains("status.json: MISSING") && manifest.contains("no announcer is running"))
      let configured = try #require(files["configuration.yaml"])
      #expect(configured.contains(password) && configured.contains("10.80.0.11:2379"))
    }
  }

  @Test func whereItCannotBeWritten() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let result = try await lan["node"].run(
        Program.path, "report", "--socket", scratch.path("nobody.sock"), "--output",
        scratch.path("no/such.tar.gz"))
      #expect(result.status == .exited(1))
      #expect(
        result.standardError.contains("cannot write") && result.standardError.contains("ENOENT"))
    }
  }
}
