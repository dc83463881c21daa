import Testing
import Wire

/// Solicitation and advertisement against golden packets; checksums computed apart from this code, by RFC 1071.
struct NeighborDiscoveryTests {
  static let solicitation = octets(
    """
    60000000 0020 3a ff                 ; version 6, 32 octets, ICMPv6, hop limit 255
    fe80000000000000 000000000000000a   ; from fe80::a
    ff02000000000000 00000001ff000010   ; to the solicited-node group of 2001:db8::10
    87 00 4b31 00000000                 ; neighbour solicitation, checksum, reserved
    20010db800000000 0000000000000010   ; target 2001:db8::10
    01 01 02000000000a                  ; source link-layer address
    """)
  static let advertisement = octets(
    """
    60000000 0020 3a ff                 ; version 6, 32 octets, ICMPv6, hop limit 255
    fe80000000000000 000000000000000b   ; from fe80::b
    fe80000000000000 000000000000000a   ; to fe80::a
    88 00 e8b8 60000000                 ; neighbour advertisement, checksum, R=0 S=1 O=1
    20010db800000000 0000000000000010   ; target 2001:db8::10
    02 01 02000000000b                  ; target link-layer address
    """)
  let target = IPv6Address("2001:db8::10")!
  let asker = IPv6Address("fe80::a")!

  @Test func readsAndWritesTheGoldenSolicitation() throws {
    let header = try ICMPv6Header.parse(Self.solicitation.span, at: 0)
    #expect(header.source == asker && header.destination == target.solicitedNodeGroup)
    let message = try NeighborSolicitation.parse(Self.solicitation.span, header)
    #expect(message.target == target)
    #expect(message.sourceLinkLayerAddress == MACAddress(rawValue: 0x0200_0000_000a))
    let bytes = written(72) {
      message.write(from: asker, to: target.solicitedNodeGroup, into: &$0)
    }
    #expect(bytes == Self.solicitation)
  }

  @Test func readsAndWritesTheGoldenAdvertisement() throws {
    let header = try ICMPv6Header.parse(Self.advertisement.span, at: 0)
    let message = try NeighborAdvertisement.parse(Self.advertisement.span, header)
    #expect(
      message
        == NeighborAdvertisement(
          isSolicited: true, isOverride: true, target: target,
          targetLinkLayerAddress: MACAddress(rawValue: 0x0200_0000_000b)))
    let bytes = written(72) {
      message.write(from: IPv6Address("fe80::b")!, to: asker, into: &$0)
    }
    #expect(bytes == Self.advertisement)
  }

  @Test(arguments: 0..<72)
  func truncatedAtAnyOctet(length: Int) {
    let short = Array(Self.solicitation.prefix(length))
    #expect(throws: Malformation.truncated) { try ICMPv6Header.parse(short.span, at: 0) }
  }

  /// Reads `packet` with `change` applied and the checksum made right again.
  private func parse(
    _ packet: [UInt8], _ change: (inout [UInt8]) -> Void
  ) throws(Malformation) -> NeighborSolicitation {
    var packet = packet
    change(&packet)
    let length = UInt32(packet[4]) << 8 | UInt32(packet[5])
    packet[42] = 0
    packet[43] = 0
    var sum = Checksum()
    sum.addPseudoHeader(
      source: packet.span.ipv6Address(at: 8), destination: packet.span.ipv6Address(at: 24),
      length: length)
    sum.add(packet.span, in: 40..<min(packet.count, 40 + Int(length)))
    packet[42] = UInt8(sum.value >> 8)
    packet[43] = UInt8(sum.value & 0xff)
    return try NeighborSolicitation.parse(
      packet.span, ICMPv6Header.parse(packet.span, at: 0))
  }

  @Test func everyRuleOfValidationHolds() {
    let packet = Self.solicitation
    #expect(throws: Malformation.ipVersion) { try parse(packet) { $0[0] = 0x40 } }
    #expect(throws: Malformation.fragmented) { try parse(packet) { $0[6] = 44 } }
    #expect(throws: Malformation.notICMPv6) { try parse(packet) { $0[6] = 17 } }
    #expect(throws: Malformation.hopLimit) { try parse(packet) { $0[7] = 254 } }
    #expect(throws: Malformation.otherMessage) { try parse(packet) { $0[40] = 133 } }
    #expect(throws: Malformation.code) { try parse(packet) { $0[41] = 1 } }
    #expect(throws: Malformation.multicastTarget) { try parse(packet) { $0[48] = 0xff } }
    #expect(throws: Malformation.option) { try parse(packet) { $0[65] = 0 } }
    #expect(throws: Malformation.option) { try parse(packet) { $0[65] = 2 } }
    #expect(throws: Malformation.linkLayerOption) {
      try parse(packet + [UInt8](repeating: 0, count: 8)) {
        $0[5] = 40
        $0[65] = 2
      }
    }
    #expect(throws: Malformation.truncated) { try parse(packet) { $0[5] = 23 } }
    #expect(throws: Malformation.truncated) { try parse(packet) { $0[5] = 33 } }
    // Source :: with a source link-layer option, and to something else than the group.
    #expect(throws: Malformation.unspecifiedSource) {
      try parse(packet) { $0.replaceSubrange(8..<24, with: repeatElement(0, count: 16)) }
    }
    #expect(throws: Malformation.unspecifiedSource) {
      try parse(Array(packet.prefix(64))) {
        $0[5] = 24
        $0.replaceSubrange(8..<24, with: repeatElement(0, count: 16))
        $0[36] = 0
      }
    }
  }

  @Test func everyBitOfTheMessageIsUnderTheChecksum() {
    for offset in 8..<72 where offset != 42 && offset != 43 {
      var wrong = Self.solicitation
      wrong[offset] ^= 0x04
      #expect(throws: Malformation.self, "octet \(offset)") {
        try NeighborSolicitation.parse(wrong.span, ICMPv6Header.parse(wrong.span, at: 0))
      }
    }
  }

  @Test func whatRFC4861AsksToIgnoreIsIgnored() throws {
    let expected = try parse(Self.solicitation) { _ in }
    // Traffic class, flow label; reserved field; an Ethernet trailer; an unknown option and a
    // target link-layer option behind ours.
    #expect(
      try parse(Self.solicitation) { $0.replaceSubrange(0..<4, with: [0x6f, 0xf1, 2, 3]) }
        == expected)
    #expect(try parse(Self.solicitation) { $0[44] = 0xff } == expected)
    #expect(try parse(Self.solicitation) { $0 += [1, 2, 3] } == expected)
    #expect(
      try parse(Self.solicitation) {
        $0 += octets("0e01 000000000000 0201 ffffffffffff")
        $0[5] = 48
      } == expected)
    // Without any option.
    let bare = try parse(Array(Self.solicitation.prefix(64))) { $0[5] = 24 }
    #expect(bare == NeighborSolicitation(target: target, sourceLinkLayerAddress: nil))
  }

  @Test func aSolicitedAdvertisementToAGroupIsVoid() throws {
    let wrong = written(72) {
      NeighborAdvertisement(
        isSolicited: true, isOverride: true, target: target, targetLinkLayerAddress: .zero
      ).write(from: asker, to: .allNodes, into: &$0)
    }
    let header = try ICMPv6Header.parse(wrong.span, at: 0)
    #expect(throws: Malformation.solicitedMulticast) {
      try NeighborAdvertisement.parse(wrong.span, header)
    }
  }

  @Test func theChecksumFoldsEveryCarry() {
    var sum = Checksum()
    for _ in 0..<70_000 { sum.add(.max) }
    #expect(sum.value == 0)
    var odd = Checksum()
    odd.add([0x01, 0x02, 0x03].span, in: 0..<3)
    #expect(odd.value == ~(0x0102 + 0x0300 as UInt16))
  }
}
