package import Time
package import Wire

/// The forms in which an address is announced unasked (wire.md §3.1).
package enum AnnouncementForm: Hashable, Sendable, CaseIterable {
  /// Gratuitous ARP as a request (RFC 5227 §3): target hardware address zero.
  case arpRequest
  /// Gratuitous ARP as a reply: target hardware address = sender's, or Linux ignores it for a
  /// second after the entry's last change.
  case arpReply
  /// Unsolicited neighbour advertisement (RFC 4861 §7.2.6).
  case advertisement

  /// The forms of one round. Receivers differ in which ARP form they honour, so both are sent.
  package static func round(for address: IPAddress) -> [AnnouncementForm] {
    address.isIPv6 ? [.advertisement] : [.arpRequest, .arpReply]
  }

  /// The one form in which an address is defended: RFC 5227 §2.4 (b) allows "one single ARP Announcement",
  /// which is the request form (§1.1).
  package static func defence(of address: IPAddress) -> [AnnouncementForm] {
    address.isIPv6 ? [.advertisement] : [.arpRequest]
  }
}

extension ClaimTable {
  /// The frame that announces `claim` in `form`, or why it may not be sent now. The same gate as
  /// for answers: no announcement outlives its claim.
  package func announcement(
    of claim: Claim, form: AnnouncementForm, now: Instant
  ) -> Result<Frame, Reason> {
    guard let link = position(ofLink: claim.interfaceIndex) else { return .failure(.unknownLink) }
    let own = links[link].hardwareAddress
    switch claim.address {
    case .v4(let address):
      guard entry(for: address, link: link) != nil else { return .failure(.targetNotClaimed) }
      guard now < deadline else { return .failure(.gateClosed) }
      let packet = ARPPacket(
        operation: form == .arpReply ? ARPPacket.reply : ARPPacket.request,
        senderHardwareAddress: own, senderProtocolAddress: address,
        targetHardwareAddress: form == .arpReply ? own : .zero, targetProtocolAddress: address)
      return .success(Frame(destination: .broadcast, source: own, message: .arp(packet)))
    case .v6(let address):
      guard entry(for: address, link: link) != nil else { return .failure(.targetNotClaimed) }
      guard now < deadline else { return .failure(.gateClosed) }
      let advertisement = NeighborAdvertisement(
        isSolicited: false, isOverride: true, target: address, targetLinkLayerAddress: own)
      return .success(
        Frame(
          destination: MACAddress(multicast: .allNodes), source: own,
          message: .advertisement(
            advertisement, from: links[link].linkLocalAddress ?? address, to: .allNodes)))
    }
  }
}
