/// The header of an Ethernet II frame, a priority tag (802.1Q with VID 0) looked through.
package struct EthernetHeader: Hashable, Sendable {
  package var destination: MACAddress
  package var source: MACAddress
  package var etherType: UInt16
  /// Where the payload begins: octet 14, or 18 behind a priority tag.
  package var payloadOffset: Int

  package static let arp: UInt16 = 0x0806
  package static let ipv6: UInt16 = 0x86dd

  /// The smallest frame without its check sequence (IEEE 802.3 §3.2.7): senders pad to it.
  package static let minimumFrameLength = 60

  private static let customerTag: UInt16 = 0x8100
  private static let serviceTag: UInt16 = 0x88a8

  package init(
    destination: MACAddress, source: MACAddress, etherType: UInt16, payloadOffset: Int = 14
  ) {
    self.destination = destination
    self.source = source
    self.etherType = etherType
    self.payloadOffset = payloadOffset
  }

  /// Reads the header at the start of `frame`.
  ///
  /// A tag with VID 0 carries a priority and no VLAN (IEEE 802.1Q §6.9.1); any other is another
  /// broadcast domain, on which none of our addresses is announced.
  @inline(__always)
  package static func parse(_ frame: Span<UInt8>) throws(Malformation) -> EthernetHeader {
    guard frame.count >= 14 else { throw .truncated }
    var header = EthernetHeader(
      destination: frame.macAddress(at: 0), source: frame.macAddress(at: 6),
      etherType: frame.uint16(at: 12))
    if header.etherType == customerTag {
      guard frame.count >= 18 else { throw .truncated }
      guard frame.uint16(at: 14) & 0x0fff == 0 else { throw .tagged }
      header.etherType = frame.uint16(at: 16)
      header.payloadOffset = 18
    }
    if header.etherType < 0x0600 { throw .notEthernetII }
    if header.etherType == customerTag || header.etherType == serviceTag { throw .tagged }
    return header
  }

  /// Writes 14 octets: our own frames carry no tag.
  @inline(__always)
  package func write(into output: inout OutputSpan<UInt8>) {
    output.append(destination)
    output.append(source)
    output.append(etherType)
  }
}
