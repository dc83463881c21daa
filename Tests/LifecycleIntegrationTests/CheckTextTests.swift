import FoundationEssentials
import LANTestKit
import Testing

/// `announcer check` in plain and true words.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct CheckTextTests {
  private func check(
    _ host: Host, _ scratch: Scratch, _ lines: String, _ arguments: String...
  ) async throws -> CommandResult {
    let file = scratch.path("c.yaml")
    let text = """
      node: node-a
      \(lines)
      lease: {local: {directory: \(scratch.path("claims"))}}
      control: {socket: \(scratch.path("c.sock"))}

      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return try await host.run([Program.path, "check", "--config", file] + arguments)
  }

  @Test func withoutPatternsNoneIsBlamed() async throws {
    try await withLAN(["a"]) { lan, scratch in
      for number in 0..<9 {
        try await lan["a"].ip("link", "add", "docker\(number)", "type", "bridge")
      }
      let text = try await check(lan["a"], scratch, "announcements: [{addresses: [10.80.8.150]}]")
        .standardOutput
      #expect(!text.contains("pattern"), "\(text)")
      #expect(text.contains("lo       skipped: a loopback interface reaches no LAN"), "\(text)")
      #expect(text.contains("4 more skipped (--output json lists them)"), "\(text)")
      let matched = try await check(
        lan["a"], scratch, "interfaces: [^lan0$]\nannouncements: [{addresses: [10.80.8.150]}]"
      ).standardOutput
      #expect(matched.contains("10 more that no pattern matches"), "\(matched)")
      #expect(!matched.contains("docker"))
    }
  }

  /// The address is announced here because of another entry.
  @Test func anEntryForOtherNodesIsNowhere() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let result = try await check(
        lan["a"], scratch,
        """
        announcements:
        - {name: mine, addresses: [10.80.8.150]}
        - {name: theirs, addresses: [10.80.8.150, 10.80.8.151], nodes: [node-b]}
        """)
      #expect(result.status == .exited(0))
      let text = result.standardOutput
      #expect(text.contains("configuration/mine: 10.80.8.150 on lan0\n"), "\(text)")
      #expect(
        text.contains(
          """
            configuration/theirs: 10.80.8.150, 10.80.8.151 nowhere
              not for this node: only node-b may announce it

          """), "\(text)")
    }
  }

  /// L8b: a policy that matches no interface is named, with its place.
  @Test func aPolicyWithoutAnInterfaceIsNamed() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let file = scratch.path("p.yaml")
      try """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default}
      spec: {type: LoadBalancer}
      status: {loadBalancer: {ingress: [{ip: 10.80.8.150}]}}
      ---
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata: {name: lan}
      spec: {loadBalancerIPs: true, interfaces: ["^enp.*", "^eno.*"]}

      """.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try await check(lan["a"], scratch, "manifests: [\(file)]")
      #expect(result.status == .exited(1))
      let text = result.standardOutput
      let problem = "policy lan, \(file):7: no interface of this node matches its patterns\n"
      #expect(text.contains("problems\n  \(problem)"), "\(text)")
      for pattern in ["^enp.*", "^eno.*"] {
        #expect(
          text.contains(
            "  policy lan, \(file):7: pattern '\(pattern)' matches no interface of this node, "
              + "which has lo, lan0\n"),
          "\(text)")
      }
      // In `status` too.
      let node = try await Node.start(
        on: lan["a"], in: scratch, Node.Settings(extra: "manifests: [\(file)]"))
      try await eventually {
        try await node.status().warnings.contains {
          $0.hasPrefix("policy lan, \(file):7: pattern '^enp.*'")
        }
      }
    }
  }

  /// A Service with its policy.
  private static func alike(_ number: Int) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: web\(number), namespace: default, labels: {n: "\(number)"}}
    spec: {type: LoadBalancer}
    status: {loadBalancer: {ingress: [{ip: 10.80.8.150}, {ip: "fd00::150"}]}}
    ---
    apiVersion: cilium.io/v2alpha1
    kind: CiliumL2AnnouncementPolicy
    metadata: {name: p\(number)}
    spec:
      loadBalancerIPs: true
      interfaces: ["\(number == 0 ? "lan0" : "^lan0$")"]
      serviceSelector: {matchLabels: {n: "\(number)"}}

    """
  }

  /// The lines that a text has more than once.
  private static func repeated(_ text: String) -> [String] {
    var counts: [Substring: Int] = [:]
    for line in text.split(separator: "\n") { counts[line, default: 0] += 1 }
    return counts.filter { $0.value > 1 }.keys.map(String.init).sorted()
  }

  /// Two Services share an address that two policies want, each in its own words.
  @Test func noLineIsThereTwice() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let file = scratch.path("p.yaml")
      let objects = (0...1).map(Self.alike).joined(separator: "---\n")
      try objects.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try await check(
        lan["a"], scratch,
        """
        interfaces: ["lan", "^absent0$"]
        manifests: [\(file)]
        announcements: [{addresses: [10.80.8.160, "fd00::160"], interfaces: ["^gone0$"]}]
        """)
      let text = result.standardOutput
      #expect(text.contains("manifests: 10.80.8.150, fd00::150 on lan0\n"), "\(text)")
      #expect(Self.repeated(text) == [], "\(text)")
    }
  }
}
