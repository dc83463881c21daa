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
  mutating func beginHandOver(
    of address: IPAddress, to destination: String?, _ answer: @escaping HandOverDesk.Answer
  ) {
    let refusal = HandOverDesk.refusal(
      of: address, to: destination, isWanted: assignments.addresses[address] != nil,
      node: configuration.node, reconciler.view)
    if let refusal { return answer(Response(version: parts.version, error: refusal)) }
    handOvers.begin(address, to: destination, at: .now, answer)
    parts.lease.driver.handOver(address, to: destination)
  }
}
