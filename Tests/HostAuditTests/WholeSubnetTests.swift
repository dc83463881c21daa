import Announcer
import HostAudit
import Testing
import Wire

struct WholeSubnetTests {
  private static let lan0 = host(2, "lan0", "192.168.50.21/24", "2001:db8::1/120", "fe80::1/64")

  private func entry(_ lower: String, _ upper: String, on links: Set<Int32> = [2]) -> AnnouncedEntry
  {
    AnnouncedEntry(
      origin: "configuration/a", ranges: [IPRange(IPAddress(lower)!, IPAddress(upper)!)!],
      links: links)
  }

  private func warnings(
    _ entry: AnnouncedEntry, taken: [IPAddress: AddressRole] = [:]
  ) -> [HostWarning] {
    AnnouncedEntry.warnings([entry], on: [Self.lan0], taken: taken)
  }

  @Test(
    arguments: [
      ("192.168.50.0", "192.168.50.255", true), ("192.168.50.1", "192.168.50.254", true),
      ("192.168.48.0", "192.168.51.255", true), ("192.168.50.2", "192.168.50.254", false),
      ("192.168.50.1", "192.168.50.253", false), ("192.168.50.0", "192.168.50.127", false),
      ("192.168.51.0", "192.168.51.255", false), ("2001:db8::", "2001:db8::ff", true),
      ("2001:db8::", "2001:db8::7f", false),
    ])
  func theSubnetThatALinkIsOnIsPointedOut(lower: String, upper: String, isWhole: Bool) {
    let entry = entry(lower, upper)
    #expect(warnings(entry).map(\.kind) == (isWhole ? [.wholeSubnet] : []))
    #expect(warnings(self.entry(lower, upper, on: [3])).isEmpty, "it is announced elsewhere")
    #expect(
      entry.isWholeSubnet(around: IPAddress(lower)!, on: [Self.lan0]) == isWhole)
    #expect(!entry.isWholeSubnet(around: IPAddress("192.168.99.1")!, on: [Self.lan0]))
  }

  @Test func itSaysWhatIsLeftOut() {
    let taken: [IPAddress: AddressRole] = [
      IPAddress("192.168.50.1")!: .defaultGateway(link: "lan0"),
      IPAddress("192.168.50.0")!: .networkAddress(link: "lan0"),
      IPAddress("192.168.51.1")!: .node("node-b"),
    ]
    #expect(
      warnings(entry("192.168.50.0", "192.168.50.255"), taken: taken).map(\.message) == [
        """
        configuration/a has all of 192.168.50.0-192.168.50.255, the subnet of lan0: what hosts there have would be \
        taken from them; write the addresses that are free; left out are 192.168.50.0 (the network address of lan0), \
        192.168.50.1 (the default gateway on lan0)
        """
      ])
    #expect(
      warnings(entry("192.168.50.0", "192.168.50.255")).first?.message.hasSuffix("that are free")
        == true)
  }

  @Test func aLineOfTwoIsNoSubnetToTakeWhole() {
    let link = host(2, "lan0", "192.168.50.0/31", "192.168.50.9/32")
    let entry = entry("192.168.50.0", "192.168.50.255")
    #expect(AnnouncedEntry.warnings([entry], on: [link], taken: [:]).isEmpty)
  }
}
