internal import LANTestKit

extension Stage {
  /// Splits the LAN: `node` and the client on one side, everybody else on the other.
  func split(awayFrom node: Node) async throws {
    for host in nodes.filter({ $0.name != node.name }).map(\.host) + [peer, foreign] {
      try await move(host, to: Self.halves[1])
    }
  }

  /// Makes the LAN whole again.
  func join() async throws {
    for host in nodes.map(\.host) + [peer, foreign] {
      try await move(host, to: Self.halves[0])
    }
  }

  private func move(_ host: Host, to half: String) async throws {
    try await lan.bridge.ip("link", "set", "dev", lan.port(of: host), "master", half)
  }
}
