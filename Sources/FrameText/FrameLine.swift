internal import Wire

/// A frame as one line, in the words of tcpdump where it has them: `ARP, Request who-has … tell …`.
///
/// The Ethernet header is told where it says something that the message does not: a question to one
/// station only, or a sender that is not who it says it is. `--write` has all of it.
package struct FrameLine {
  package let frame: SeenFrame
  package let reading: FrameReading

  package init(_ frame: SeenFrame) {
    self.frame = frame
    reading = FrameReading(frame.octets)
  }

  package var isMalformed: Bool {
    if case .malformed = reading.message { true } else { false }
  }

  /// - Parameters:
  ///   - width: of the column that names the interface.
  ///   - zone: seconds east of Greenwich.
  package func text(interfaceWidth width: Int, zone: Int) -> String {
    let name = frame.interface
    let padding = String(repeating: " ", count: max(0, width - name.utf8.count))
    let direction = frame.isOutgoing ? "Out" : "In "
    return "\(ClockTime(frame.time, zone: zone)) \(name)\(padding) \(direction) \(words)"
  }

  /// The line without time and place.
  package var words: String {
    switch reading.message {
    case .arp(let packet): "ARP, " + Self.words(packet) + notes(about: packet)
    case .solicitation(let message, let source, let destination):
      "NDP, " + words(message, source) + unicast(destination)
    case .advertisement(let message, let source, let destination):
      "NDP, " + words(message, source, destination)
    case .malformed(let reason, let addresses): words(reason, addresses)
    }
  }

  // MARK: ARP

  private static func words(_ packet: ARPPacket) -> String {
    let sender = packet.senderProtocolAddress
    let target = packet.targetProtocolAddress
    let station = packet.senderHardwareAddress
    switch packet.kind {
    case .probe: return "Probe who-has \(target) from \(station)"
    case .announcement: return "Announcement \(sender) is-at \(station) (gratuitous request)"
    case .request: return "Request who-has \(target) tell \(sender) at \(station)"
    case .gratuitousReply: return "Reply \(sender) is-at \(station) (gratuitous)"
    case .reply: return "Reply \(sender) is-at \(station) to \(target)"
    case .other:
      return "operation \(packet.operation), sender \(sender) at \(station), target \(target)"
    }
  }

  private func notes(about packet: ARPPacket) -> String {
    var notes = ""
    if packet.kind == .request, let destination = reading.destination, !destination.isGroup {
      notes += " (unicast to \(destination))"
    }
    if packet.operation == ARPPacket.reply, reading.destination == .broadcast,
      packet.kind != .gratuitousReply
    {
      notes += " (broadcast)"
    }
    if let source = reading.source, source != packet.senderHardwareAddress {
      notes += " [Ethernet source is \(source)]"
    }
    return notes
  }

  // MARK: NDP

  private func words(_ message: NeighborSolicitation, _ source: IPv6Address) -> String {
    let station = reading.source.map { " from \($0)" } ?? ""
    if source == .any { return "DAD who-has \(message.target)\(station)" }
    let place = message.sourceLinkLayerAddress.map { " at \($0)" } ?? station
    return "NS who-has \(message.target) tell \(source)\(place)"
      + difference(message.sourceLinkLayerAddress)
  }

  private func words(
    _ message: NeighborAdvertisement, _ source: IPv6Address, _ destination: IPv6Address
  ) -> String {
    let station = reading.source.map { " from \($0)" } ?? ""
    let place = message.targetLinkLayerAddress.map { " is-at \($0)" } ?? station
    let sender = source == message.target ? "" : " by \(source)"
    let unsolicited = message.isSolicited ? "" : " (unsolicited)"
    return "NA \(message.target)\(place)\(sender) to \(destination) [\(message.letters)]"
      + unsolicited + difference(message.targetLinkLayerAddress)
  }

  private func unicast(_ destination: IPv6Address) -> String {
    destination.isMulticast ? "" : " (unicast to \(destination))"
  }

  private func difference(_ told: MACAddress?) -> String {
    guard let told, let source = reading.source, told != source else { return "" }
    return " [Ethernet source is \(source)]"
  }

  // MARK: What is not understood

  private func words(_ reason: Malformation, _ addresses: FrameAddresses) -> String {
    let isCut = reason == .truncated && frame.octets.count < frame.length
    var text = "\(addresses.family.rawValue), malformed: "
    text += isCut ? "longer than what is captured of a frame" : reason.words
    if let source = reading.source, let destination = reading.destination {
      text += "; \(source) > \(destination)"
    }
    if let sender = addresses.sender { text += ", sender \(sender)" }
    if let target = addresses.target { text += ", target \(target)" }
    return text + ", length \(frame.length)"
  }
}
