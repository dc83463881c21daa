import EtcdTestKit
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// About as many addresses as a node may have, in each store that several nodes share. The figures are the release
/// build's (`make figures`); otherwise two thousand, or five hundred, have to do.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(30)))
struct LeaseScaleTests {
  /// What two nodes are given, and how long they may take.
  private struct Trial {
    let store: String
    let count: Int
    /// The value of `lease`, and whole lines of YAML beside it.
    let lease: String
    var extra = ""
    var known: Duration
    var taken: Duration

    var addresses: String {
      "10.80.0.0-10.80.\((count - 1) / 256).\((count - 1) % 256)"
    }
  }

  @Test func onEtcd() async throws {
    let (count, duration) = (Program.isMeasured ? 60_000 : 2000, 8)
    try await withLAN(["a", "b", "store"]) { lan, scratch in
      // Beside the addresses that are announced.
      for (number, name) in ["a", "b", "store"].enumerated() {
        try await lan[name].addAddress("10.81.0.\(number + 1)/16")
      }
      try await EtcdCluster.run { etcd in
        let socket = try await lan["store"].inNamespace { try BoundSocket(reachedAs: "10.81.0.3") }
        let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
        defer { way.close() }
        try await run(
          Trial(
            store: "etcd", count: count,
            lease: "{backend: etcd, duration: \(duration)s, etcd: {endpoints: [\"\(way.url)\"]}}",
            known: .seconds(10), taken: .seconds(duration + 15)),
          lan, scratch)
      }
    }
  }

  /// A Lease object for each address: what is written takes the server's time, some 500 a second.
  @Test(
    .enabled(
      if: RealAPIServer.reasonNotAvailable == nil, "no kube-apiserver: see make test-kubernetes"))
  func onKubernetes() async throws {
    let (count, duration) = (Program.isMeasured ? 60_000 : 500, 15)
    try await withLAN(["a", "b", "store"]) { lan, scratch in
      for (number, name) in ["a", "b", "store"].enumerated() {
        try await lan[name].addAddress("10.81.0.\(number + 1)/16")
      }
      let server = try await RealAPIServer.start()
      do {
        let socket = try await lan["store"].inNamespace { try BoundSocket(reachedAs: "10.81.0.3") }
        let way = try TCPProxy(to: server.port, on: socket)
        defer { way.close() }
        let kubeconfig = scratch.path("kubeconfig")
        try server.kubeconfig().replacing(
          "server: https://127.0.0.1:\(server.port)",
          with: "server: https://10.81.0.3:\(way.port)\n    tls-server-name: localhost"
        ).write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        try await run(
          Trial(
            store: "Kubernetes", count: count,
            lease: "{backend: kubernetes, duration: \(duration)s}",
            extra: "kubernetes: {kubeconfig: \(kubeconfig)}", known: .seconds(30),
            taken: .seconds(duration + 300)),
          lan, scratch)
      } catch {
        await server.stop()
        throw error
      }
      await server.stop()
    }
  }

  private func start(_ name: String, _ trial: Trial, _ lan: LAN, _ scratch: Scratch) async throws
    -> Node
  {
    try await Node.start(
      on: lan[name], in: scratch,
      Node.Settings(
        name: name, addresses: [trial.addresses],
        // One round: seven of them take a quarter of an hour, a frame each millisecond.
        extra:
          "gratuitous: {schedule: [0ms]}\nmetrics: {listen: \"\(Self.metrics)\"}\n\(trial.extra)",
        lease: trial.lease),
      label: name)
  }

  private static let metrics = "127.0.0.1:9717"

  /// How many addresses are in each state, as a scrape has it.
  private func counts(_ node: Node) async throws -> String {
    try await node.host.run(
      "sh", "-c",
      "curl --silent --max-time 10 http://\(Self.metrics)/metrics | grep '^announcer_addresses{'"
    ).standardOutput
  }

  /// Until all addresses are in `state` on the node, held by `holder`. Looked at a few times a second: an answer about
  /// 60,000 addresses takes part of the time that is measured.
  private func time(
    _ node: Node, _ trial: Trial, _ state: String, heldBy holder: String
  ) async throws -> Duration {
    var text = ""
    let time = try await timeUntil(within: .seconds(400)) {
      text = try await counts(node)
      if text.contains("{state=\"\(state)\"} \(trial.count)\n") { return true }
      try await Task.sleep(for: .milliseconds(300))
      return false
    }
    let status = try await node.status().addresses
    #expect(status.count { $0.state == state && $0.holder == holder } == trial.count)
    return try #require(time, "not all are \(state): \(text)\n\(node.log.suffix(2000))")
  }

  private func run(_ trial: Trial, _ lan: LAN, _ scratch: Scratch) async throws {
    func say(_ what: String, _ time: Duration) {
      report(
        "\(trial.count) addresses on \(trial.store): \(what)", milliseconds: time / .milliseconds(1)
      )
    }
    let a = try await start("a", trial, lan, scratch)
    say("all claimed after", try await time(a, trial, "announcing", heldBy: "a"))

    let b = try await start("b", trial, lan, scratch)
    let known = try await time(b, trial, "standby", heldBy: "a")
    say("a second node knows all holders after", known)
    if Program.isMeasured { #expect(known < trial.known) }
    // What the last look at 60,000 rows has left to do is not standing by.
    if Program.isMeasured { try await Task.sleep(for: .seconds(5)) }
    let standingBy = try await ProcessFigures.share(of: b.process.pid, for: .seconds(10))
    print("measured: standing by: \(standingBy) % of a core")

    a.process.signal(9)
    let taken = try await time(b, trial, "announcing", heldBy: "b")
    say("the other has them all after", taken)
    #expect(taken < (Program.isMeasured ? trial.taken : .seconds(120)))

    guard Program.isMeasured else { return }
    // Once each has been heard, and asked for.
    try await eventually(within: .seconds(300)) {
      try await b.status().addresses.allSatisfy { $0.announcements > 0 }
    }
    try await Task.sleep(for: .seconds(90))
    let idle = try await ProcessFigures.share(of: b.process.pid, for: .seconds(60))
    print("measured: holding \(trial.count): \(idle) % of a core")
    print("measured: resident: \(try ProcessFigures.residentKiB(of: b.process.pid) / 1024) MiB")
    #expect(standingBy < 2 && idle < 2)
  }
}
