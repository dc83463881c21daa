import Testing
import Wire

struct EthernetHeaderTests {
  static let plain = octets("ffffffffffff 02000000000a 0806")

  @Test func readsAndWritesTheGoldenHeader() throws {
    let header = EthernetHeader(
      destination: .broadcast, source: MACAddress(rawValue: 0x0200_0000_000a), etherType: 0x0806)
    #expect(try EthernetHeader.parse(Self.plain.span) == header)
    #expect(written(14) { header.write(into: &$0) } == Self.plain)
  }

  @Test func aPriorityTagIsLookedThrough() throws {
    let tagged = octets("ffffffffffff 02000000000a 8100 e000 0806")
    let header = try EthernetHeader.parse(tagged.span)
    #expect(header.etherType == 0x0806 && header.payloadOffset == 18)
  }

  @Test(arguments: [
    ("8100 0001 0806", Malformation.tagged), ("8100 e064 0806", .tagged),
    ("88a8 0000 0806", .tagged), ("8100 0000 8100 0000 0806", .tagged), ("8100 00", .truncated),
    ("8100 0000", .truncated), ("0026 aaaa03", .notEthernetII), ("05ff", .notEthernetII),
    ("8100 0000 0026", .notEthernetII),
  ])
  func otherFramesSayWhatTheyAre(tail: String, malformation: Malformation) {
    let frame = octets("ffffffffffff 02000000000a" + tail)
    #expect(throws: malformation) { try EthernetHeader.parse(frame.span) }
  }

  @Test(arguments: 0..<14)
  func truncatedAtAnyOctet(length: Int) {
    let short = Array(Self.plain.prefix(length))
    #expect(throws: Malformation.truncated) { try EthernetHeader.parse(short.span) }
  }
}
