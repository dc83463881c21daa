import EtcdTestKit
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// A real API server, which listens on loopback, and the way to it from a LAN.
struct RealCluster {
  let lan: LAN
  let scratch: Scratch
  let server: RealAPIServer
  /// `https://10.80.0.9:4711`; its certificate is for `localhost`.
  let url: String
  /// Every connection of the nodes passes here.
  let proxy: TCPProxy
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
          lan: lan, scratch: scratch, server: server, url: "https://10.80.0.9:\(way.port)",
          proxy: way))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }
}

extension RealCluster {
  /// A kubeconfig as an administrator makes it: its path.
  func kubeconfig() async throws -> String {
    let admin = scratch.path("admin")
    try server.kubeconfig().split(separator: "server:").joined(
      separator: "tls-server-name: localhost\n    server:"
    ).write(toFile: admin, atomically: true, encoding: .utf8)
    let kubeconfig = scratch.path("kubeconfig")
    let made = try await runCommand(
      [
        Program.path, "kubeconfig", "--from", admin, "--lifetime", "24h", "--output", kubeconfig,
        "--server", url,
      ])
    #expect(made.succeeded, "\(made.standardError)")
    return kubeconfig
  }

  func create(_ object: JSON) async throws {
    let answer = try await server.call("POST", Self.collection(of: object), body: object)
    #expect(answer.code == 201, "\(Self.collection(of: object)): \(answer.text)")
  }

  /// Makes an object of an administrator's what it is now, whatever it was.
  func replace(_ object: JSON) async throws {
    let path = "\(Self.collection(of: object))/\(object["metadata"]["name"].string ?? "")"
    let answer = try await server.call("PUT", path, body: object)
    #expect(answer.code == 200, "\(path): \(answer.text)")
  }

  private static func collection(of object: JSON) -> String {
    let version = object["apiVersion"].string ?? ""
    let kind = object["kind"].string ?? ""
    let namespace = object["metadata"]["namespace"].string.map { "/namespaces/\($0)" } ?? ""
    return
      "\(version.contains("/") ? "/apis" : "/api")/\(version)\(namespace)/\(kind.lowercased())s"
  }

  /// The objects of a manifest of the project.
  static func manifest(_ path: String) throws -> [JSON] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    return try JSON.documents(yaml: text)
  }
}
