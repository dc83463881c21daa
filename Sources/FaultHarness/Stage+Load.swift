internal import FoundationEssentials
internal import Glibc
internal import LinuxSystem
internal import Time

extension Stage {
  /// Requests that the members finish in a second, over `duration`, by their own count.
  func requestsPerSecond(for duration: Duration) async throws -> Double {
    let (before, began) = (try await requests(), Instant.now)
    try await Task.sleep(for: duration)
    let (after, ended) = (try await requests(), Instant.now)
    let rate = Double(after - before) / ((ended - began).milliseconds / 1000)
    return (rate * 100).rounded() / 100
  }

  /// What every member has finished so far: `grpc_server_handled_total` of all methods. The gateway
  /// hands what it gets on by gRPC, so that it counts once each.
  private func requests() async throws -> Int {
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

  /// Has every daemon read a configuration for another layout (SIGHUP).
  func reconfigure(_ other: Layout) async throws {
    for node in nodes {
      try node.configure(try DaemonConfiguration.text(other, store, workplace))
      node.signal(SIGHUP)
    }
    for node in nodes {
      try await node.waitFor("reads its configuration") {
        $0.addresses.count == other.addresses.count
      }
    }
  }
}
