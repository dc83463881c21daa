internal import FoundationEssentials
internal import Glibc
internal import LANTestKit
internal import LinuxSystem
internal import Time

extension Stage {
  /// Requests that the store finishes in a second, over `duration`, by its own count.
  func requestsPerSecond(for duration: Duration) async throws -> Double {
    let (before, began) = (try await requests(), Instant.now)
    try await Task.sleep(for: duration)
    let (after, ended) = (try await requests(), Instant.now)
    let rate = Double(after - before) / ((ended - began).milliseconds / 1000)
    return (rate * 100).rounded() / 100
  }

  /// Of API servers: what nodes have asked. Of etcd: what every member has finished so far: `grpc_server_handled_total` of all methods. The gateway
  /// hands what it gets on by gRPC, so that it counts once each.
  private func requests() async throws -> Int {
    if let apiServers { return apiServers.finishedRequests() }
    var total = 0.0
    for gateway in store.gateways {
      let text = try await gateway.get("/metrics")
      for line in text.split(separator: "\n")
      where line.hasPrefix("grpc_server_handled_total") && !line.contains("Maintenance") {
        total += line.split(separator: " ").last.flatMap { Double($0) } ?? 0
      }
    }
    return Int(total)
  }

  /// What stands in a node's configuration file, for the layout or another.
  func configuration(of node: Node, _ other: Layout? = nil) throws -> String {
    try DaemonConfiguration.text(
      other ?? layout, store, apiServers, workplace,
      node: nodes.firstIndex { $0 === node } ?? 0)
  }

  /// Has every daemon read a configuration for another layout (SIGHUP), and waits until the store has
  /// its claims.
  func reconfigure(_ other: Layout) async throws {
    for node in nodes {
      try node.configure(configuration(of: node, other))
      node.signal(SIGHUP)
    }
    for node in nodes {
      try await node.waitFor("reads its configuration") {
        $0.addresses.count == other.addresses.count
      }
    }
    let done = try await timeUntil(within: .seconds(30)) {
      let keys = try await store.gateway.keys(layout.backend.prefix).kvs ?? []
      return layout.backend.picture(keys).claims.count == other.addresses.count
    }
    guard done != nil else { throw HarnessError("the claims do not become those of the layout") }
  }
}
