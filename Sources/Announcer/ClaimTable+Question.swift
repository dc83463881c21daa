internal import Wire

extension ClaimTable {
  /// The frame that asks whether anybody else has the address of `claim`; nil where it is not in the
  /// table.
  ///
  /// Its sender claims no address, so that no neighbour learns anything from it: an ARP probe
  /// (RFC 5227 §1.1), or a solicitation as in duplicate address detection (RFC 4862 §5.4.2), which
  /// comes from `::` and must carry no link-layer address (RFC 4861 §4.3). That is why the deadline
  /// does not matter: it asserts nothing.
  package func question(about claim: Claim) -> Frame? {
    guard let link = position(ofLink: claim.interfaceIndex), slot(of: claim) != nil else {
      return nil
    }
    return Self.question(for: claim.address, from: links[link].hardwareAddress)
  }

  /// Who has `address`, as a station without an address asks it.
  static func question(for address: IPAddress, from asker: MACAddress) -> Frame {
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
