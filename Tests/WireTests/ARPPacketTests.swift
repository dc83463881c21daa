import Testing
import Wire

struct ARPPacketTests {
  static let request = octets(
    """
    0001                ; hardware type: Ethernet
    0800                ; protocol type: IPv4
    06 04               ; address lengths
    0001                ; opcode: request
    02 00 00 00 00 0a   ; sender hardware address
    0a 50 08 01         ; sender protocol address 10.80.8.1
    00 00 00 00 00 00   ; target hardware address: unknown
    0a 50 08 96         ; target protocol address 10.80.8.150
    """)
  static let packet = ARPPacket(
    operation: 1, senderHardwareAddress: MACAddress(rawValue: 0x0200_0000_000a),
    senderProtocolAddress: IPv4Address(10, 80, 8, 1), targetHardwareAddress: .zero,
    targetProtocolAddress: IPv4Address(10, 80, 8, 150))

  @Test func readsAndWritesTheGoldenPacket() throws {
    #expect(try ARPPacket.parse(Self.request.span, at: 0) == Self.packet)
    #expect(written(28) { Self.packet.write(into: &$0) } == Self.request)
  }

  @Test func paddingAndOffsetAreHonoured() throws {
    let padded = [0xff, 0xff] + Self.request + [UInt8](repeating: 0xee, count: 18)
    #expect(try ARPPacket.parse(padded.span, at: 2) == Self.packet)
  }

  @Test(arguments: 0..<28)
  func truncatedAtAnyOctet(length: Int) {
    let short = Array(Self.request.prefix(length))
    #expect(throws: Malformation.truncated) { try ARPPacket.parse(short.span, at: 0) }
  }

  // Hardware type, protocol type, hardware length, protocol length: each octet counts.
  @Test(arguments: 0..<6)
  func everyOctetOfTypesAndLengthsIsChecked(offset: Int) {
    var wrong = Self.request
    wrong[offset] ^= 0x10
    #expect(throws: Malformation.addressFormat) { try ARPPacket.parse(wrong.span, at: 0) }
  }
}
