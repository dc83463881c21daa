import FrameText
import Testing
import Wire

/// The lines, to the letter: people's scripts and eyes depend on them.
@Suite struct FrameLineTests {
  private func words(_ octets: [UInt8], length: Int? = nil) -> String {
    FrameLine(seen(octets, length: length)).words
  }

  @Test func timeInterfaceAndDirectionStandFirst() {
    let question = arp(1, sender: (client, asker), target: (.zero, vip))
    let text = "ARP, Request who-has 10.80.8.150 tell 10.80.0.1 at 02:00:00:00:00:01"
    #expect(
      FrameLine(seen(question)).text(interfaceWidth: 4, zone: 0)
        == "14:03:07.000412 lan0 In  \(text)")
    #expect(
      FrameLine(seen(question, out: true)).text(interfaceWidth: 6, zone: 3600)
        == "15:03:07.000412 lan0   Out \(text)")
    #expect(
      FrameLine(seen(question)).text(interfaceWidth: 4, zone: -15 * 3600).hasPrefix("23:03:07.0"))
  }

  @Test func addressResolution() {
    let reply = arp(
      2, from: node, to: client, sender: (node, vip), target: (client, asker))
    #expect(words(reply) == "ARP, Reply 10.80.8.150 is-at 02:00:00:00:00:0a to 10.80.0.1")
    let probe = arp(1, sender: (client, .any), target: (.zero, vip))
    #expect(words(probe) == "ARP, Probe who-has 10.80.8.150 from 02:00:00:00:00:01")
    let told = arp(1, from: node, sender: (node, vip), target: (.zero, vip))
    #expect(
      words(told) == "ARP, Announcement 10.80.8.150 is-at 02:00:00:00:00:0a (gratuitous request)")
    let unasked = arp(2, from: node, sender: (node, vip), target: (.broadcast, vip))
    #expect(words(unasked) == "ARP, Reply 10.80.8.150 is-at 02:00:00:00:00:0a (gratuitous)")
    let strange = arp(8, sender: (client, asker), target: (.zero, vip))
    #expect(
      words(strange)
        == "ARP, operation 8, sender 10.80.0.1 at 02:00:00:00:00:01, target 10.80.8.150")
  }

  @Test func whatTheEthernetHeaderSaysBesides() {
    let poll = arp(1, to: node, sender: (client, asker), target: (node, vip))
    #expect(words(poll).hasSuffix("at 02:00:00:00:00:01 (unicast to 02:00:00:00:00:0a)"))
    let shouted = arp(2, from: node, sender: (node, vip), target: (client, asker))
    #expect(words(shouted).hasSuffix("to 10.80.0.1 (broadcast)"))
    let forged = arp(1, from: node, sender: (client, asker), target: (.zero, vip))
    #expect(words(forged).hasSuffix("[Ethernet source is 02:00:00:00:00:0a]"))
    #expect(
      words(solicitation(by: node)).hasSuffix(
        "at 02:00:00:00:00:01 [Ethernet source is 02:00:00:00:00:0a]"))
    #expect(
      words(advertisement(option: client)).hasSuffix("[Ethernet source is 02:00:00:00:00:0a]"))
  }

  @Test func neighbourDiscovery() {
    #expect(
      words(solicitation()) == "NDP, NS who-has 2001:db8::10 tell fe80::1 at 02:00:00:00:00:01")
    #expect(
      words(solicitation(to: vip6, option: nil))
        == "NDP, NS who-has 2001:db8::10 tell fe80::1 from 02:00:00:00:00:01 (unicast to 2001:db8::10)"
    )
    #expect(
      words(solicitation(from: .any, option: nil))
        == "NDP, DAD who-has 2001:db8::10 from 02:00:00:00:00:01")
    #expect(
      words(advertisement()) == "NDP, NA 2001:db8::10 is-at 02:00:00:00:00:0a to fe80::1 [SO]")
    let group = IPv6Address("ff02::1")!
    #expect(
      words(advertisement(from: IPv6Address("fe80::a")!, to: group, router: true, solicited: false))
        == "NDP, NA 2001:db8::10 is-at 02:00:00:00:00:0a by fe80::a to ff02::1 [RO] (unsolicited)")
    #expect(
      words(advertisement(solicited: false, overrides: false, option: nil))
        == "NDP, NA 2001:db8::10 from 02:00:00:00:00:0a to fe80::1 [-] (unsolicited)")
  }

  @Test func malformedFramesSayWhy() {
    var hopped = solicitation()
    hopped[21] = 64
    let line = FrameLine(seen(hopped))
    #expect(line.isMalformed)
    #expect(
      line.words == "NDP, malformed: hop limit is not 255: it came through a router; "
        + "02:00:00:00:00:01 > 33:33:ff:00:00:10, sender fe80::1, target 2001:db8::10, length 86")
    var broken = solicitation()
    broken[56] ^= 1
    #expect(words(broken).hasPrefix("NDP, malformed: wrong checksum; "))
    var foreign = arp(1, sender: (client, asker), target: (.zero, vip))
    foreign[15] = 6
    #expect(
      words(foreign) == "ARP, malformed: not IPv4 over Ethernet; "
        + "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, sender 10.80.0.1, target 10.80.8.150, length 60")
    #expect(words([1, 2, 3]) == "Ethernet, malformed: shorter than its headers say, length 3")
    #expect(
      words(Array(solicitation().prefix(70)), length: 1600).hasPrefix(
        "NDP, malformed: longer than what is captured of a frame; "))
    var tagged = arp(1, sender: (client, asker), target: (.zero, vip))
    tagged.insert(contentsOf: [0x81, 0, 0, 5], at: 12)
    #expect(
      words(tagged) == "ARP, malformed: carries a VLAN tag; 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, "
        + "sender 10.80.0.1, target 10.80.8.150, length 64")
    #expect(!FrameLine(seen(solicitation())).isMalformed)
  }
}
