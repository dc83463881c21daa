package import Wire

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

  /// The question of a holder that keeps the address: a rival answers the asker alone. In IPv6 the question
  /// comes from the link's own link-local address, where there is one. To a question from `::` the rival would
  /// answer all nodes (RFC 4861 §7.2.4), and these would believe it.
  package func quietQuestion(about claim: Claim) -> Frame? {
    guard let link = position(ofLink: claim.interfaceIndex), slot(of: claim) != nil else {
      return nil
    }
    let asker = links[link].hardwareAddress
    guard case .v6(let address) = claim.address, let source = links[link].linkLocalAddress else {
      return Self.question(for: claim.address, from: asker)
    }
    let group = address.solicitedNodeGroup
    return Frame(
      destination: MACAddress(multicast: group), source: asker,
      message: .solicitation(
        NeighborSolicitation(target: address, sourceLinkLayerAddress: asker), from: source,
        to: group))
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

  /// The question for `address` as only the asker's own link takes it: it goes through everything that
  /// leaves, and to nobody.
  package static func trial(for address: IPAddress, from asker: MACAddress) -> Frame {
    var frame = question(for: address, from: asker)
    frame.destination = asker
    return frame
  }
}
