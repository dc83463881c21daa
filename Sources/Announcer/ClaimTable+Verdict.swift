package import Time
internal import Wire

extension ClaimTable {

  /// Whether and how to answer `frame`, by the rules of RFC 826, 5227, 4861 and 4862, as wire.md §1 and §2
  /// list them.
  ///
  /// Pure, and free of allocation: the hot path of the daemon.
  @inline(__always)
  package func verdict(
    on frame: Span<UInt8>, from arrival: Arrival, now: Instant
  ) -> Verdict {
    switch arrival.packetType {
    case .host, .broadcast, .multicast: break
    case .otherHost: return .ignore(.otherHost)
    case .outgoing: return .ignore(.ownFrame)
    }
    guard let link = position(ofLink: arrival.interfaceIndex) else {
      return .ignore(.unknownLink)
    }
    do throws(Malformation) {
      let header = try EthernetHeader.parse(frame)
      switch header.etherType {
      case EthernetHeader.arp:
        // RFC 826 knows broadcast requests and unicast polls; ARP to a group is neither.
        guard arrival.packetType != .multicast else { return .ignore(.otherHost) }
        let packet = try ARPPacket.parse(frame, at: header.payloadOffset)
        return verdict(on: packet, link: link, arrival: arrival, now: now)
      case EthernetHeader.ipv6:
        return try verdict(
          onIPv6: frame, behind: header, link: link, arrival: arrival, now: now)
      default:
        return .ignore(.otherProtocol)
      }
    } catch {
      return .ignore(Reason(error))
    }
  }

  @inline(__always)
  private func verdict(
    on packet: ARPPacket, link: Int, arrival: Arrival, now: Instant
  ) -> Verdict {
    let sender = packet.senderHardwareAddress
    if isOwn(sender) {
      // What another link of ours asserts or answers is no conflict, whoever checks.
      guard sender == witness, sender != links[link].hardwareAddress,
        packet.operation == ARPPacket.request,
        entry(for: packet.senderProtocolAddress, link: link) == nil
      else { return .ignore(.ownFrame) }
    }
    guard sender.isStation else { return .ignore(.senderHardwareAddress) }
    // RFC 5227 §2.4: whatever the opcode, a foreign station that uses our address as its own.
    if entry(for: packet.senderProtocolAddress, link: link) != nil {
      return .conflict(address: .v4(packet.senderProtocolAddress), hardwareAddress: sender)
    }
    guard packet.operation == ARPPacket.request else { return .ignore(.notRequest) }
    let asker = packet.senderProtocolAddress
    guard !asker.isMulticast, !asker.isLoopback, asker != .broadcast else {
      return .ignore(.senderProtocolAddress)
    }
    guard let entry = entry(for: packet.targetProtocolAddress, link: link) else {
      return .ignore(.targetNotClaimed)
    }
    if let reason = gate(entry, arrival: arrival, now: now) { return .ignore(reason) }
    let own = links[link].hardwareAddress
    let reply = ARPPacket(
      operation: ARPPacket.reply, senderHardwareAddress: own,
      senderProtocolAddress: packet.targetProtocolAddress,
      targetHardwareAddress: sender, targetProtocolAddress: asker)
    return .reply(
      Frame(destination: sender, source: own, message: .arp(reply)), slot: entry.slot)
  }

  @inline(__always)
  private func verdict(
    onIPv6 frame: Span<UInt8>, behind ethernet: EthernetHeader, link: Int, arrival: Arrival,
    now: Instant
  ) throws(Malformation) -> Verdict {
    let header = try ICMPv6Header.parse(frame, at: ethernet.payloadOffset)
    let isWitness =
      ethernet.source == witness && ethernet.source != links[link].hardwareAddress
      && header.type == ICMPv6Header.neighborSolicitation
    guard isWitness || !isOwn(ethernet.source) else { return .ignore(.ownFrame) }
    guard header.type == ICMPv6Header.neighborSolicitation else {
      let advertisement = try NeighborAdvertisement.parse(frame, header)
      guard entry(for: advertisement.target, link: link) != nil else {
        return .ignore(.otherMessage)
      }
      let claimant = advertisement.targetLinkLayerAddress ?? ethernet.source
      guard !isOwn(claimant) else { return .ignore(.ownFrame) }
      return .conflict(address: .v6(advertisement.target), hardwareAddress: claimant)
    }
    let solicitation = try NeighborSolicitation.parse(frame, header)
    guard ethernet.source.isStation else { return .ignore(.senderHardwareAddress) }
    if let option = solicitation.sourceLinkLayerAddress {
      guard isWitness || !isOwn(option) else { return .ignore(.ownFrame) }
      guard option.isStation else { return .ignore(.senderHardwareAddress) }
    }
    let asker = solicitation.sourceLinkLayerAddress ?? ethernet.source
    if entry(for: header.source, link: link) != nil {
      return .conflict(address: .v6(header.source), hardwareAddress: asker)
    }
    guard !header.source.isMulticast, header.source != .loopback else {
      return .ignore(.senderProtocolAddress)
    }
    guard let entry = entry(for: solicitation.target, link: link) else {
      return .ignore(.targetNotClaimed)
    }
    if let reason = gate(entry, arrival: arrival, now: now) { return .ignore(reason) }
    return .reply(
      advertisement(of: solicitation.target, to: header.source, at: asker, link: link),
      slot: entry.slot)
  }

  /// The answer to a solicitation (RFC 4861 §7.2.4). To `::`, somebody's duplicate address
  /// detection, it goes to all nodes with S=0: the address is defended (RFC 4862 §5.4.3).
  ///
  /// It comes from the address that was asked for, as the kernel's own answers do: ndisc6 takes no
  /// answer from any other.
  @inline(__always)
  private func advertisement(
    of target: IPv6Address, to asker: IPv6Address, at hardwareAddress: MACAddress, link: Int
  ) -> Frame {
    let own = links[link].hardwareAddress
    let isSolicited = asker != .any
    let advertisement = NeighborAdvertisement(
      isSolicited: isSolicited, isOverride: true, target: target, targetLinkLayerAddress: own)
    return Frame(
      destination: isSolicited ? hardwareAddress : MACAddress(multicast: .allNodes), source: own,
      message: .advertisement(
        advertisement, from: target, to: isSolicited ? asker : .allNodes))
  }

  /// Why a request for this claim must stay unanswered now; nil where it may be answered.
  @inline(__always)
  private func gate(_ entry: Entry, arrival: Arrival, now: Instant) -> Reason? {
    guard now < deadline else { return .gateClosed }
    let age = now.nanoseconds &- arrival.receivedAt.nanoseconds
    // A time of day that was stepped makes the age wrong in either direction, for this frame
    // only; on the safe side both are stale.
    let limit = Self.maximumRequestAgeNanoseconds
    guard age <= limit, age >= -limit else { return .stale }
    guard arrival.receivedAt >= gateOpenedAt, arrival.receivedAt >= entry.openedAt else {
      return .stale
    }
    return nil
  }

  /// A request that waited longer than this in the socket is not answered (lease.md §2.5).
  package static var maximumRequestAgeNanoseconds: Int64 { 100_000_000 }
}
