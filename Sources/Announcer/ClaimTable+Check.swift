package import Time
internal import Wire

extension ClaimTable {
  /// Why a neighbour's question for `claim` would stay unanswered now; nil where it would be answered.
  ///
  /// Goes the whole way of a real question, from its octets to the answer, without a wire.
  package func silence(about claim: Claim, now: Instant) -> Reason? {
    let question = Self.question(for: claim.address)
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

  /// What a station that has no address yet would ask; its hardware address is locally administered,
  /// and no node's.
  private static func question(for address: IPAddress) -> Frame {
    let asker = MACAddress(rawValue: 0x0200_5e00_0001)
    switch address {
    case .v4(let address):
      let packet = ARPPacket(
        operation: ARPPacket.request, senderHardwareAddress: asker, senderProtocolAddress: .any,
        targetHardwareAddress: .zero, targetProtocolAddress: address)
      return Frame(destination: .broadcast, source: asker, message: .arp(packet))
    case .v6(let address):
      let group = address.solicitedNodeGroup
      return Frame(
        destination: MACAddress(multicast: group), source: asker,
        message: .solicitation(
          NeighborSolicitation(target: address, sourceLinkLayerAddress: nil), from: .any, to: group)
      )
    }
  }
}
