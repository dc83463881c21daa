internal import Announcer
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// Giving an address away because an operator asks for it.
extension Coordinator {
  /// Begins a hand-over, or says at once why there is none.
  mutating func beginHandOver(_ request: Request, _ answer: @escaping HandOverDesk.Answer) {
    guard let text = request.address, let address = IPAddress(text) else {
      return answer(
        Response(
          version: parts.version,
          error: "'\(request.address ?? "")' is not an IPv4 or IPv6 address"))
    }
    let refusal = HandOverDesk.refusal(
      of: address, to: request.to, isWanted: assignments.addresses[address] != nil,
      node: configuration.node, reconciler.view)
    if let refusal { return answer(Response(version: parts.version, error: refusal)) }
    handOvers.begin(address, to: request.to, at: .now, answer)
    parts.lease.driver.handOver(address, to: request.to)
  }
}
