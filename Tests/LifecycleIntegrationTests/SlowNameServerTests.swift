import EtcdTestKit
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// Names of lease stores and API servers whose name server is slow, or away.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct SlowNameServerTests {
  /// Runs a daemon under a `resolv.conf` of its own.
  private func start(
    on host: Host, in scratch: Scratch, _ settings: Node.Settings
  ) async throws -> Node {
    let file = scratch.path("resolv.conf")
    try "nameserver 127.0.0.1\noptions timeout:5 attempts:2\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
    return try await Node.start(
      on: host, in: scratch, settings,
      wrapper: [
        "unshare", "--mount", "sh", "-c",
        "mount --bind \(file) /etc/resolv.conf && exec \"$0\" \"$@\"",
      ], waits: false)
  }

  /// An etcd and an API server on the node's loopback, each by a name; the certificate of the one has another.
  private func withNode(
    answersAfter delay: Duration?, silentAbout label: String? = nil,
    endpoints names: [String] = ["etcd1"], _ body: (Node) async throws -> Void
  ) async throws {
    try await EtcdCluster.run { etcd in
      var options = APIServer.Options()
      options.isEncrypted = true
      let server = try await APIServer.start(options)
      try await withLAN(["node"]) { lan, scratch in
        let (nameServer, sockets) = try await lan["node"].inNamespace {
          (
            try NameServer(answersAfter: delay, silentAbout: label),
            [try BoundSocket(reachedAs: "127.0.0.1"), try BoundSocket(reachedAs: "127.0.0.1")]
          )
        }
        let toEtcd = try TCPProxy(to: etcd.members[0].plan.clientPort, on: sockets[0])
        let toServer = try TCPProxy(to: server.port, on: sockets[1])
        defer {
          toEtcd.close()
          toServer.close()
        }
        let kubeconfig = scratch.path("kubeconfig")
        try server.kubeconfig().replacing(
          server.url,
          with: "https://api.lan.test:\(toServer.port)\n    tls-server-name: localhost"
        ).write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        let endpoints = names.map { "\"http://\($0).lan.test:\(toEtcd.port)\"" }
        let node = try await start(
          on: lan["node"], in: scratch,
          Node.Settings(
            extra: "kubernetes: {kubeconfig: \(kubeconfig)}",
            lease: "{backend: etcd, duration: 4s, etcd: "
              + "{endpoints: [\(endpoints.joined(separator: ", "))]}}"))
        try await body(node)
        withExtendedLifetime(nameServer) {}
      }
    }
  }

  @Test func aNameServerThatIsAwayIsNamed() async throws {
    try await withNode(answersAfter: nil) { node in
      let lease = "cannot find the host `etcd1.lan.test`: "
      let source = "cannot find the host `api.lan.test`: "
      try await eventually(within: .seconds(40), "\(node.log)") {
        guard let status = try await node.statusIfServed() else { return false }
        return status.lease.error?.contains(lease) == true
          && status.sources.first?.error?.contains(source) == true
      }
      try await node.waitForLog("error", lease)
      try await node.waitForLog("error", source)
      #expect(!node.log.contains("no connection in time"), "\(node.log)")
      // Whatever the resolver does, that is what stays to be read.
      var errors: Set<String> = []
      for _ in 0..<20 { errors.insert(try await node.status().lease.error ?? "none") }
      #expect(errors.allSatisfy { $0.contains(lease) }, "\(errors)")
    }
  }

  /// A name that nobody answers for does not hold up the others.
  @Test func oneNameThatIsNotFoundLeavesTheOthers() async throws {
    try await withNode(
      answersAfter: .zero, silentAbout: "etcd1", endpoints: ["etcd1", "etcd2"]
    ) { node in
      try await eventually(within: .seconds(40), "\(node.log)") {
        try await node.statusIfServed()?.addresses.first?.state == "announcing"
      }
      let lost = await timeUntil(within: .seconds(8)) {
        (try? await node.address()?.state) != "announcing"
      }
      #expect(lost == nil, "\(node.log)")
    }
  }

  /// Slower than connections may take to come about.
  @Test func aNameServerThatIsSlowIsWaitedFor() async throws {
    try await withNode(answersAfter: .milliseconds(1200)) { node in
      try await eventually(within: .seconds(40), "\(node.log)") {
        let status = try await node.statusIfServed()
        return status?.addresses.first?.state == "announcing"
          && status?.sources.first?.state == "synced"
      }
      // And the lease is renewed from now on: twice the time that it has.
      let lost = await timeUntil(within: .seconds(8)) {
        (try? await node.address()?.state) != "announcing"
      }
      #expect(lost == nil, "\(node.log)")
    }
  }
}
