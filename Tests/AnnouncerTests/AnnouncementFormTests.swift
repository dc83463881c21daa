import Announcer
import Testing
import Wire

/// wire.md §3.1: the forms that receivers honour, octet by octet.
struct AnnouncementFormTests {
  private func octets(_ address: IPAddress, _ form: AnnouncementForm) throws -> [UInt8] {
    let frame = try Sample.table().announcement(
      of: Claim(address: address, interfaceIndex: 7), form: form, now: Sample.now
    ).get()
    return Sample.octets(frame)
  }

  private let header = "ffffffffffff02000000000b0806" + "000108000604"

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test func gratuitousRequestHasATargetOfZero() throws {
    #expect(
      hex(try octets(.v4(Sample.address), .arpRequest))
        == header + "0001" + "02000000000b0a500896" + "0000000000000a500896"
        + String(repeating: "00", count: 18))
  }

  @Test func gratuitousReplyNamesItselfAsTarget() throws {
    #expect(
      hex(try octets(.v4(Sample.address), .arpReply))
        == header + "0002" + "02000000000b0a500896" + "02000000000b0a500896"
        + String(repeating: "00", count: 18))
  }

  @Test func unsolicitedAdvertisementGoesToAllNodesWithOverride() throws {
    let bytes = try octets(.v6(Sample.address6), .advertisement)
    #expect(hex(bytes[0..<14]) == "333300000001" + "02000000000b" + "86dd")
    let packet = try ICMPv6Header.parse(bytes.span, at: 14)
    #expect(packet.destination == .allNodes && packet.source == Sample.linkLocal)
    #expect(
      try NeighborAdvertisement.parse(bytes.span, packet)
        == NeighborAdvertisement(
          isSolicited: false, isOverride: true, target: Sample.address6,
          targetLinkLayerAddress: Sample.own))
  }

  @Test func withoutALinkLocalAddressTheAnnouncedOneIsTheSource() throws {
    let frame = try Sample.table(linkLocal: nil).announcement(
      of: Claim(address: .v6(Sample.address6), interfaceIndex: 7), form: .advertisement,
      now: Sample.now
    ).get()
    let bytes = Sample.octets(frame)
    #expect(try ICMPv6Header.parse(bytes.span, at: 14).source == Sample.address6)
  }

  @Test func aRoundIsBothARPFormsOrOneAdvertisement() {
    #expect(AnnouncementForm.round(for: .v4(Sample.address)) == [.arpRequest, .arpReply])
    #expect(AnnouncementForm.round(for: .v6(Sample.address6)) == [.advertisement])
  }
}
