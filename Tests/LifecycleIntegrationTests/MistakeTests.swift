import EtcdTestKit
import FoundationEssentials
import LANTestKit
import Testing

/// What people get wrong in their first hour: the program's own words lead to the cause.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct MistakeTests {
  /// A mistake that `announcer check` sees.
  struct Seen: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Runs on the node before.
    var script = ""
    var interfaces = #"["^lan0$"]"#
    var addresses = "10.80.8.150"
    var lease: String?
    var extra = ""
    let words: [String]
    let exit: Int32
  }

  private static let seen = [
    Seen(
      testDescription: "a pattern of another machine", interfaces: #"["^ens18$"]"#,
      words: ["pattern '^ens18$' matches no interface of this node", "lan0"], exit: 1),
    Seen(
      testDescription: "a misspelt key", extra: "interfces: [lan0]",
      words: ["interfces: unknown key; did you mean `interfaces`?"], exit: 2),
    Seen(
      testDescription: "keepalived's mask", addresses: "10.80.8.150/24",
      words: ["is an address inside a block", "10.80.8.0/24", "10.80.8.150"], exit: 2),
    Seen(
      testDescription: "http beside an authority",
      lease: "{backend: etcd, etcd: {endpoints: [\"http://10.80.0.9:2379\"], ca: /etc/ca.pem}}",
      words: ["http://10.80.0.9:2379 is spoken to without TLS"], exit: 2),
    Seen(
      testDescription: "an endpoint without a scheme",
      lease: "{backend: etcd, etcd: {endpoints: [\"10.80.0.9:2379\"]}}",
      words: ["'10.80.0.9:2379' is not a URL; write https://"], exit: 2),
    Seen(
      testDescription: "a certificate's file that is not there",
      lease:
        "{backend: etcd, etcd: {endpoints: [\"https://10.80.0.9:2379\"], ca: /nowhere/ca.pem}}",
      words: ["/nowhere/ca.pem", "o such file"], exit: 1),
    Seen(
      testDescription: "the node's own address", addresses: "10.80.0.1",
      words: ["it is this node's own address on lan0", "leave it out of what is announced"], exit: 1
    ),
    Seen(
      testDescription: "the address on the interface",
      script: "ip address add 10.80.8.150/16 dev lan0",
      words: ["10.80.8.150 is configured on lan0 itself", "ip addr del 10.80.8.150 dev lan0"],
      exit: 0),
    Seen(
      testDescription: "the address on lo, which the kernel answers for",
      script: "ip address add 10.80.8.150/32 dev lo",
      words: ["answered for by the kernel on lan0", "sysctl -w net.ipv4.conf.lan0.arp_ignore=1"],
      exit: 0),
    Seen(
      testDescription: "an address of no subnet here", addresses: "10.90.8.150",
      words: ["10.90.8.150 lies in no subnet of lan0: check the addresses for a typo"], exit: 0),
    Seen(
      testDescription: "IPv6 that is off",
      script: "sysctl -q -w net.ipv6.conf.lan0.disable_ipv6=1", addresses: "2001:db8::10",
      words: ["sysctl -w net.ipv6.conf.lan0.disable_ipv6=0"], exit: 1),
    Seen(
      testDescription: "a link that is down", script: "ip link set lan0 down",
      words: ["administratively down: ip link set lan0 up"], exit: 1),
    Seen(
      testDescription: "the port of a bridge",
      script: "ip link add br0 type bridge; ip link set br0 up; ip link set lan0 master br0",
      words: ["lan0", "port of bridge br0"], exit: 1),
  ]

  @Test(arguments: seen)
  func checkLeadsToTheCause(_ mistake: Seen) async throws {
    try await withLAN(["node"]) { lan, scratch in
      // The kernel's default, whatever this machine has.
      let script = """
        ip address add 10.80.0.1/16 dev lan0
        sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.lan0.arp_ignore=0
        \(mistake.script)
        """
      let made = try await lan["node"].run("sh", "-e", "-c", script)
      #expect(made.succeeded, "\(made.standardError)")
      let file = scratch.path("c.yaml")
      try """
      node: node-a
      interfaces: \(mistake.interfaces)
      announcements: [{name: web, addresses: ["\(mistake.addresses)"]}]
      lease: \(mistake.lease ?? "{local: {directory: \(scratch.path("claims"))}}")
      control: {socket: \(scratch.path("c.sock"))}
      \(mistake.extra)

      """.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try await lan["node"].run(Program.path, "check", "--config", file)
      let said = result.standardOutput + result.standardError
      for words in mistake.words { #expect(said.contains(words), "\(said)") }
      #expect(result.status == .exited(mistake.exit), "\(said)")
    }
  }

  @Test func anotherAnnouncerIsNamedByItsProcess() async throws {
    try await withLAN(["node"]) { lan, scratch in
      try await lan["node"].addAddress("10.80.0.1/16")
      // What counts is the name of the process.
      let program = scratch.path("keepalived")
      try FileManager.default.copyItem(atPath: "/usr/bin/sleep", toPath: program)
      let other = try lan["node"].spawn([program, "600"])
      defer { other.signal(9) }
      let file = scratch.path("c.yaml")
      try """
      interfaces: ["^lan0$"]
      announcements: [{addresses: [10.80.8.150]}]
      lease: {local: {directory: \(scratch.path("claims"))}}
      control: {socket: \(scratch.path("c.sock"))}

      """.write(toFile: file, atomically: true, encoding: .utf8)
      try await eventually(within: .seconds(20)) {
        try await lan["node"].run(Program.path, "check", "--config", file)
          .standardOutput.contains("keepalived runs on this node (pid ")
      }
    }
  }

  /// A mistake that shows when the daemon speaks to etcd.
  struct Heard: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// `PORT` is where the members' TLS is reached on 127.0.0.1.
    var endpoint = "https://127.0.0.1:PORT"
    /// `DIRECTORY` is where the certificates are.
    var files =
      "ca: DIRECTORY/ca.pem, certificate: DIRECTORY/client.pem, key: DIRECTORY/client-key.pem"
    /// Runs on the node before; `PORT` as above.
    var script = ""
    /// Whether connections are taken and nothing is answered.
    var hangs = false
    let words: String
  }

  private static let heard = [
    Heard(
      testDescription: "another port", endpoint: "https://127.0.0.1:1", words: "Connection refused"),
    Heard(
      testDescription: "a name that nobody has", endpoint: "https://etcd1.lan.invalid:2379",
      words: "cannot find the host `etcd1.lan.invalid`"),
    Heard(
      testDescription: "http where https is spoken", endpoint: "http://127.0.0.1:PORT", files: "",
      words: "it closed the connection without an answer; does it speak http?"),
    Heard(
      testDescription: "another authority",
      files:
        "ca: DIRECTORY/other-ca.pem, certificate: DIRECTORY/client.pem, key: DIRECTORY/client-key.pem",
      words: "or not signed by `"),
    Heard(
      testDescription: "no certificate where one is wanted", files: "ca: DIRECTORY/ca.pem",
      words: "certificate (none was configured)"),
    Heard(
      testDescription: "a firewall that drops",
      script: """
        nft 'table inet fw { chain out { type filter hook output priority 0; tcp dport PORT drop; }; }'
        """,
      words: "no connection in time"),
    Heard(
      testDescription: "a member that hangs", hangs: true,
      words: "it takes connections and does not answer the TLS handshake"),
  ]

  @Test func theStatusLeadsToTheCauseOfWhatEtcdSays() async throws {
    try await EtcdCluster.run(tls: true) { etcd in
      for mistake in Self.heard {
        try await withLAN(["node"]) { lan, scratch in
          let socket = try await lan["node"].inNamespace {
            try BoundSocket(reachedAs: "127.0.0.1")
          }
          let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
          defer { way.close() }
          func filled(_ text: String) -> String {
            text.replacing("PORT", with: "\(way.port)")
              .replacing("DIRECTORY", with: etcd.plan.tls!.directory)
          }
          if mistake.hangs { way.set { $0.losesRequests = true } }
          let made = try await lan["node"].run("sh", "-e", "-c", filled(mistake.script))
          #expect(made.succeeded, "\(made.standardError)")
          let files = mistake.files.isEmpty ? "" : ", \(filled(mistake.files))"
          let node = try await Node.start(
            on: lan["node"], in: scratch,
            Node.Settings(
              lease: "{backend: etcd, duration: 4s, etcd: "
                + "{endpoints: [\"\(filled(mistake.endpoint))\"]\(files)}}"), waits: false)
          await eventually(
            within: .seconds(40), "\(mistake.testDescription): \(mistake.words)\n\(node.log)"
          ) {
            (try? await node.statusIfServed()?.lease.error?.contains(mistake.words)) == true
          }
        }
      }
    }
  }
}
