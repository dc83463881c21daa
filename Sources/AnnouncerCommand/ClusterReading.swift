internal import ArgumentParser
internal import Control
internal import FoundationEssentials
internal import Wire

/// What `announcer status --cluster` does: who has which address, by the word of the lease store.
struct ClusterReading {
  let socket: SocketOptions
  let format: OutputOptions
  /// As they were typed; empty for all.
  let addresses: [String]

  /// Longer than the daemon waits for the store, and long enough to read 10,000 claims.
  private static let patience = Duration.seconds(12)

  static func validate(_ addresses: [String]) throws {
    for address in addresses where IPAddress(address) == nil {
      throw ValidationError("'\(address)' is not an IPv4 or IPv6 address.")
    }
  }

  func run() throws {
    let response = try socket.ask(.cluster, within: Self.patience)
    guard let cluster = response.cluster else {
      throw CommandFailure("the daemon (version \(response.version)) did not tell of the cluster")
    }
    let asked = addresses.compactMap { IPAddress($0)?.description }
    switch format.output {
    case .json: try format.printJSON(asked.isEmpty ? cluster : cluster.restricted(to: asked))
    case .text:
      try CommandFailure.writeToStandardOutput(
        ClusterText.render(
          cluster, asked: asked, now: .now,
          style: TerminalStyle(environment: ProcessInfo.processInfo.environment)))
    }
    if !cluster.store.reachable {
      throw CommandFailure(
        "the lease store did not answer: \(printable(cluster.store.error ?? "no reason given"))")
    }
    let free = cluster.restricted(to: asked).addresses.filter { $0.holder == nil }.map(\.address)
    if !free.isEmpty { throw CommandFailure("nobody has \(free.joined(separator: ", "))") }
  }
}
