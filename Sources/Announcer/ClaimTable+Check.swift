package import Time
internal import Wire

extension ClaimTable {
  /// Why a neighbour's question for `claim` would stay unanswered now; nil where it would be answered.
  ///
  /// Goes the whole way of a real question, from its octets to the answer, without a wire.
  package func silence(about claim: Claim, now: Instant) -> Reason? {
    let question = Self.question(for: claim.address, from: Self.stranger)
    let octets = [UInt8](capacity: question.length) { question.write(into: &$0) }
    let arrival = Arrival(
      interfaceIndex: claim.interfaceIndex,
      packetType: claim.address.isIPv6 ? .multicast : .broadcast, receivedAt: now)
    return switch verdict(on: octets.span, from: arrival, now: now) {
    case .reply: nil
    case .ignore(let reason): reason
    case .conflict: .conflict
    }
  }

  /// Locally administered, and no node's.
  private static var stranger: MACAddress { MACAddress(rawValue: 0x0200_5e00_0001) }
}
