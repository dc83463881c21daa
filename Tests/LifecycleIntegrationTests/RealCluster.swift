import EtcdTestKit
import KubernetesTestKit
import LANTestKit

/// A real API server, which listens on loopback, and the way to it from a LAN.
struct RealCluster {
  let lan: LAN
  let scratch: Scratch
  let server: RealAPIServer
  /// `https://10.80.0.9:4711`; its certificate is for `localhost`.
  let url: String
}

/// Makes the server and a LAN with the nodes and a client, and ends both even when the test fails.
func withRealCluster(
  _ nodes: [String], _ body: (RealCluster) async throws -> Void
) async throws {
  try await withLAN(nodes + ["client", "api"]) { lan, scratch in
    try await lan["api"].addAddress("10.80.0.9/16")
    for (number, name) in nodes.enumerated() {
      try await lan[name].addAddress("10.80.0.\(number + 1)/16")
    }
    let server = try await RealAPIServer.start()
    do {
      let socket = try await lan["api"].inNamespace { try BoundSocket(reachedAs: "10.80.0.9") }
      let way = try TCPProxy(to: server.port, on: socket)
      defer { way.close() }
      try await body(
        RealCluster(
          lan: lan, scratch: scratch, server: server, url: "https://10.80.0.9:\(way.port)"))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }
}
