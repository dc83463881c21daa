import Announcer
import Testing
import Wire

struct SharedSubnetsTests {
  private func link(_ index: Int32, _ addresses: String..., master: Int32? = nil) -> Link {
    var link = ethernet(index, "lan\(index)", master: master)
    link.addresses = addresses.map { text in
      let parts = text.split(separator: "/")
      return LinkAddress(address: IPAddress(String(parts[0]))!, prefixLength: Int(parts[1])!)
    }
    return link
  }

  private func notes(_ links: [Link], patterns: [String] = []) throws -> [SelectionNote] {
    let request = AnnouncementRequest(
      origin: "test", ranges: [IPRange(IPAddress("10.80.8.150")!)],
      patterns: try patterns.map { try InterfacePattern($0) })
    return Serviceability(
      Assignments([request]), node: "node-a", isDrained: false, links: links
    ).notes
  }

  @Test func twoLinksInOneSubnetAreNoted() throws {
    let links = [link(2, "10.80.0.1/16"), link(3, "10.80.0.2/16"), link(4, "10.81.0.1/16")]
    let note = SelectionNote.sameSubnet(names: ["lan2", "lan3"], subnet: "10.80.0.0/16")
    #expect(try notes(links) == [note])
    #expect("\(note)".hasPrefix("lan2 and lan3 both have an address in 10.80.0.0/16"))
    // Only what announces the same addresses.
    #expect(try notes(links, patterns: ["^lan[24]$"]).isEmpty)
  }

  @Test func linkLocalSubnetsAndHostRoutesAndOtherVRFsSayNothing() throws {
    #expect(
      try notes([link(2, "fe80::1/64", "10.80.0.1/32"), link(3, "fe80::2/64", "10.80.0.1/32")])
        .isEmpty)
    let vrfs = [ethernet(8, "blue", kind: "vrf"), ethernet(9, "red", kind: "vrf")]
    let members = [link(2, "10.80.0.1/16", master: 8), link(3, "10.80.0.2/16", master: 9)]
    var unused = vrfs
    for place in unused.indices { unused[place].flags.insert(.noARP) }
    #expect(try notes(members + unused).isEmpty)
    #expect(
      try notes([link(2, "2001:db8::1/64"), link(3, "2001:db8::2/64")])
        == [.sameSubnet(names: ["lan2", "lan3"], subnet: "2001:db8::/64")])
  }
}
