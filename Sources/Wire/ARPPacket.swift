/// An ARP packet for IPv4 over Ethernet (RFC 826).
package struct ARPPacket: Hashable, Sendable {
  /// ar$op: 1 request, 2 reply; others exist and are somebody else's.
  package var operation: UInt16
  package var senderHardwareAddress: MACAddress
  package var senderProtocolAddress: IPv4Address
  package var targetHardwareAddress: MACAddress
  package var targetProtocolAddress: IPv4Address

  package static let request: UInt16 = 1
  package static let reply: UInt16 = 2
  /// Octets on the wire, padding apart.
  package static let length = 28

  package init(
    operation: UInt16, senderHardwareAddress: MACAddress, senderProtocolAddress: IPv4Address,
    targetHardwareAddress: MACAddress, targetProtocolAddress: IPv4Address
  ) {
    self.operation = operation
    self.senderHardwareAddress = senderHardwareAddress
    self.senderProtocolAddress = senderProtocolAddress
    self.targetHardwareAddress = targetHardwareAddress
    self.targetProtocolAddress = targetProtocolAddress
  }

  /// Reads the packet at `offset`; whatever follows its 28 octets is padding.
  @inline(__always)
  package static func parse(
    _ frame: Span<UInt8>, at offset: Int
  ) throws(Malformation) -> ARPPacket {
    guard frame.count >= offset + length else { throw .truncated }
    // Hardware type Ethernet, protocol type IPv4, address lengths 6 and 4.
    guard frame.uint32(at: offset) == 0x0001_0800, frame.uint16(at: offset + 4) == 0x0604 else {
      throw .addressFormat
    }
    return ARPPacket(
      operation: frame.uint16(at: offset + 6),
      senderHardwareAddress: frame.macAddress(at: offset + 8),
      senderProtocolAddress: frame.ipv4Address(at: offset + 14),
      targetHardwareAddress: frame.macAddress(at: offset + 18),
      targetProtocolAddress: frame.ipv4Address(at: offset + 24))
  }

  @inline(__always)
  package func write(into output: inout OutputSpan<UInt8>) {
    output.append(0x0001_0800 as UInt32)
    output.append(0x0604 as UInt16)
    output.append(operation)
    output.append(senderHardwareAddress)
    output.append(senderProtocolAddress)
    output.append(targetHardwareAddress)
    output.append(targetProtocolAddress)
  }
}
