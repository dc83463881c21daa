internal import Announcer
internal import Configuration
internal import Wire

extension MetricsSettings {
  /// That this node does not have the address to listen on: the daemon would go on without, and say so then.
  func warning(among links: [Link]) -> String? {
    let isEverywhere =
      switch address {
      case .v4(let address): address.isLoopback || address.rawValue == 0
      case .v6(let address): address == .loopback || address == .any
      }
    let isThere = links.contains { $0.addresses.contains { $0.address == address } }
    guard !isEverywhere, !isThere else { return nil }
    return
      "metrics.listen: no interface of this node has \(address): neither the figures nor the probes can be read"
  }
}
