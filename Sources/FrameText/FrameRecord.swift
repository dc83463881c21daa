internal import Wire

/// A frame for scripts: `announcer capture --output json` prints one in a line for each.
///
/// An absent value is `null`, never missing.
package struct FrameRecord: Encodable {
  /// Nanoseconds since 1970.
  let timeNs: Int64
  let interface: String
  /// `in` or `out`.
  let direction: String
  let length: Int
  let source: String?
  let destination: String?
  /// `arp-request`, `neighbor-solicitation`, `malformed` and so on.
  let kind: String
  let sender: String?
  let target: String?
  /// The hardware address that the message tells: the sender's in ARP, the link-layer option in NDP.
  let hardwareAddress: String?
  /// Of an advertisement: `router`, `solicited`, `override`.
  let flags: [String]
  /// Why it is malformed.
  let fault: String?

  package init(_ line: FrameLine) {
    let frame = line.frame
    let reading = line.reading
    timeNs = frame.time
    interface = frame.interface
    direction = frame.isOutgoing ? "out" : "in"
    length = frame.length
    source = reading.source?.description
    destination = reading.destination?.description
    switch reading.message {
    case .arp(let packet):
      kind = packet.kind.rawValue
      sender = packet.senderProtocolAddress.description
      target = packet.targetProtocolAddress.description
      hardwareAddress = packet.senderHardwareAddress.description
      (flags, fault) = ([], nil)
    case .solicitation(let message, let from, _):
      kind = from == .any ? "duplicate-address-detection" : "neighbor-solicitation"
      sender = from.description
      target = message.target.description
      hardwareAddress = message.sourceLinkLayerAddress?.description
      (flags, fault) = ([], nil)
    case .advertisement(let message, let from, _):
      kind =
        message.isSolicited
        ? "neighbor-advertisement" : "unsolicited-neighbor-advertisement"
      sender = from.description
      target = message.target.description
      hardwareAddress = message.targetLinkLayerAddress?.description
      flags =
        (message.isRouter ? ["router"] : []) + (message.isSolicited ? ["solicited"] : [])
        + (message.isOverride ? ["override"] : [])
      fault = nil
    case .malformed(let reason, let addresses):
      kind = "malformed"
      sender = addresses.sender?.description
      target = addresses.target?.description
      hardwareAddress = nil
      (flags, fault) = ([], reason.words)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case timeNs, interface, direction, length, source, destination, kind, sender, target
    case hardwareAddress, flags, fault
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(timeNs, forKey: .timeNs)
    try container.encode(interface, forKey: .interface)
    try container.encode(direction, forKey: .direction)
    try container.encode(length, forKey: .length)
    try container.encode(source, forKey: .source)
    try container.encode(destination, forKey: .destination)
    try container.encode(kind, forKey: .kind)
    try container.encode(sender, forKey: .sender)
    try container.encode(target, forKey: .target)
    try container.encode(hardwareAddress, forKey: .hardwareAddress)
    try container.encode(flags, forKey: .flags)
    try container.encode(fault, forKey: .fault)
  }
}
