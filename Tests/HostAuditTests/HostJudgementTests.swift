import Announcer
import HostAudit
import Testing
import Wire

struct HostJudgementTests {
  static let lo = host(1, "lo", flags: [.up, .loopback], "127.0.0.1/8")
  static let lan0 = host(2, "lan0", "10.80.8.1/24", "2001:db8::1/64", "fe80::1/64")

  func judge(
    _ addresses: [AnnouncedAddress], links: [Link] = [lo, lan0],
    proxies: [NeighborProxy] = [], _ change: (inout LinkSettings) -> Void = { _ in }
  ) -> [HostWarning] {
    var settings = LinkSettings()
    settings.arpIgnore = 0
    settings.arpAnnounce = 0
    settings.reversePathFilter = 0
    settings.disableIPv6 = 0
    change(&settings)
    return HostJudgement(
      links: links, announced: addresses,
      facts: HostFacts(
        settings: Dictionary(
          links.map { ($0.name, settings) }, uniquingKeysWith: { first, _ in first }),
        proxies: proxies)
    ).warnings
  }

  @Test func aHealthyNodeHasNothingToWarnOf() {
    #expect(judge(announced("10.80.8.150", "2001:db8::10", on: [2])).isEmpty)
    #expect(judge([]).isEmpty)
  }

  @Test func anAddressOnLoopbackNeedsARPSettings() throws {
    let lo = host(1, "lo", flags: [.up, .loopback], "127.0.0.1/8", "10.80.8.150/32")
    let warnings = judge(announced("10.80.8.150", on: [2]), links: [lo, Self.lan0])
    #expect(warnings.map(\.kind) == [.arpIgnore, .arpAnnounce])
    #expect(
      warnings.map(\.sysctl) == [
        "net.ipv4.conf.lan0.arp_ignore", "net.ipv4.conf.lan0.arp_announce",
      ])
    #expect(warnings.allSatisfy { $0.link == "lan0" && $0.message.contains("10.80.8.150") })
    #expect(warnings[0].message.hasSuffix("sysctl -w net.ipv4.conf.lan0.arp_ignore=1"))
    #expect(warnings[1].message.hasSuffix("sysctl -w net.ipv4.conf.lan0.arp_announce=2"))
    let set = judge(announced("10.80.8.150", on: [2]), links: [lo, Self.lan0]) {
      $0.arpIgnore = 1
      $0.arpAnnounce = 2
    }
    #expect(set.isEmpty)
    let weak = judge(announced("10.80.8.150", on: [2]), links: [lo, Self.lan0]) {
      $0.arpIgnore = 1
      $0.arpAnnounce = 1
    }
    #expect(weak.map(\.kind) == [.arpAnnounce])
  }

  @Test func aPrefixOnLoopbackMakesAllOfItLocal() {
    let lo = host(1, "lo", flags: [.up, .loopback], "10.80.8.128/25")
    #expect(
      judge(announced("10.80.8.150", on: [2]), links: [lo, Self.lan0]).map(\.kind)
        == [.arpIgnore, .arpAnnounce])
    #expect(judge(announced("10.80.8.50", on: [2]), links: [lo, Self.lan0]).isEmpty)
  }

  @Test func kubeProxysInterfaceIsNamedAndThousandsOfAddressesAreOneWarning() {
    let addresses = (0..<42).map { "10.80.8.\(100 + $0)" }
    var ipvs = host(9, "kube-ipvs0")
    ipvs.addresses = addresses.map { LinkAddress(address: IPAddress($0)!, prefixLength: 32) }
    let all = addresses.map { AnnouncedAddress(address: IPAddress($0)!, links: [2]) }
    let warnings = judge(all.reversed(), links: [Self.lan0, ipvs])
    #expect(warnings.map(\.kind) == [.arpIgnore, .arpAnnounce])
    #expect(warnings[0].message.contains("10.80.8.100 and 41 more on kube-ipvs0"))
  }

  @Test func oneWarningForEachLink() {
    let lo = host(1, "lo", flags: [.up, .loopback], "10.80.8.150/32")
    let lan1 = host(3, "eth0.100", "10.80.8.2/24")
    let warnings = judge(announced("10.80.8.150", on: [2, 3]), links: [lan1, lo, Self.lan0])
    #expect(warnings.map(\.link) == ["lan0", "lan0", "eth0.100", "eth0.100"])
    #expect(warnings[2].sysctl == "net.ipv4.conf.eth0/100.arp_ignore")
  }

  @Test func anIPv6AddressElsewhereIsNotAnsweredForByTheKernel() {
    let lo = host(1, "lo", flags: [.up, .loopback], "2001:db8::10/128")
    #expect(judge(announced("2001:db8::10", on: [2]), links: [lo, Self.lan0]).isEmpty)
  }

  @Test func anAddressOnTheAnnouncingLinkItselfIsAnsweredTwice() {
    let lan0 = host(2, "lan0", "10.80.8.150/24", "2001:db8::10/64")
    let warnings = judge(announced("10.80.8.150", "2001:db8::10", on: [2]), links: [lan0])
    #expect(warnings.map(\.kind) == [.addressOnAnnouncingLink])
    #expect(warnings[0].message.contains("10.80.8.150 and 1 more are configured on lan0 itself"))
    #expect(warnings[0].message.hasSuffix("ip addr del 10.80.8.150 dev lan0"))
  }

  @Test(arguments: [(1, "answers for others"), (0, "as soon as forwarding is on")])
  func proxyARPIsWarnedOfWithAndWithoutForwarding(forwarding: Int, words: String) {
    let warnings = judge(announced("10.80.8.150", on: [2])) {
      $0.proxyARP = 1
      $0.ipv4Forwarding = forwarding
    }
    #expect(warnings.map(\.kind) == [.proxyARP])
    #expect(warnings[0].message.contains(words))
    #expect(warnings[0].message.contains("sysctl -w net.ipv4.conf.lan0.proxy_arp=0"))
    #expect(judge(announced("2001:db8::10", on: [2])) { $0.proxyARP = 1 }.isEmpty)
  }

  @Test func proxyARPOfPrivateVLANsCountsToo() {
    let warnings = judge(announced("10.80.8.150", on: [2])) { $0.proxyARPPrivateVLAN = 1 }
    #expect(warnings.map(\.sysctl) == ["net.ipv4.conf.lan0.proxy_arp_pvlan"])
  }

  @Test func proxyEntriesForOurAddressesOnOurLinksAreWarnedOf() throws {
    let ours = try #require(IPAddress("2001:db8::10"))
    let other = try #require(IPAddress("2001:db8::99"))
    let addresses = announced("2001:db8::10", on: [2])
    let warnings = judge(addresses, proxies: [NeighborProxy(address: ours, linkIndex: 2)])
    #expect(warnings.map(\.kind) == [.neighborProxy])
    #expect(warnings[0].message.hasSuffix("ip neigh del proxy 2001:db8::10 dev lan0"))
    #expect(judge(addresses, proxies: [NeighborProxy(address: ours, linkIndex: 5)]).isEmpty)
    #expect(judge(addresses, proxies: [NeighborProxy(address: other, linkIndex: 2)]).isEmpty)
    #expect(judge(addresses, proxies: [NeighborProxy(address: ours, linkIndex: nil)]).count == 1)
  }

  @Test func strictReversePathFilteringMattersWhereRepliesMayLeaveElsewhere() {
    let inside = announced("10.80.8.150", on: [2])
    #expect(judge(inside) { $0.reversePathFilter = 1 }.isEmpty)

    let bare = host(4, "wan0")
    let warnings = judge(announced("10.80.8.150", on: [4]), links: [bare]) {
      $0.reversePathFilter = 1
    }
    #expect(warnings.map(\.kind) == [.reversePathFilter])
    #expect(warnings[0].message.hasSuffix("sysctl -w net.ipv4.conf.wan0.rp_filter=2"))
    #expect(
      judge(announced("10.80.8.150", on: [4]), links: [bare]) { $0.reversePathFilter = 2 }.isEmpty)

    let lan1 = host(3, "lan1", "10.80.8.2/24")
    #expect(
      judge(announced("10.80.8.150", on: [2, 3]), links: [Self.lan0, lan1]) {
        $0.reversePathFilter = 1
      }.map(\.link) == ["lan0", "lan1"])
  }

  @Test func disabledIPv6IsWarnedOfForIPv6AddressesOnly() {
    var off = Self.lan0
    off.isIPv6Disabled = true
    #expect(
      judge(announced("2001:db8::10", on: [2]), links: [off]).map(\.sysctl)
        == ["net.ipv6.conf.lan0.disable_ipv6"])
    #expect(judge(announced("10.80.8.150", on: [2]), links: [off]).isEmpty)
    #expect(
      judge(announced("2001:db8::10", on: [2])) { $0.disableIPv6 = 1 }.map(\.kind)
        == [.ipv6Disabled])
    // The setting that does not help is not named.
    off.smallMTU = 1279
    let small = judge(announced("2001:db8::10", on: [2]), links: [off])
    #expect(small.map(\.kind) == [.ipv6Disabled] && small.map(\.sysctl) == [nil])
    #expect(small.first?.message.hasSuffix("ip link set lan0 mtu 1280") == true)
  }

  @Test func anAddressInNoSubnetIsSaidOnce() {
    let warnings = judge(
      announced("10.90.8.150", "10.90.8.151", "10.80.8.150", "2001:db9::1", on: [2]))
    #expect(warnings.map(\.kind) == [.noSubnet])
    #expect(warnings[0].message.hasPrefix("10.90.8.150 and 2 more lie in no subnet of lan0"))
  }

  @Test func aLinkWithoutAddressesSaysNothingAboutSubnets() {
    #expect(judge(announced("10.80.8.150", on: [4]), links: [host(4, "wan0")]).isEmpty)
    let single = host(4, "wan0", "192.0.2.1/32", "fe80::1/64")
    #expect(judge(announced("10.80.8.150", "2001:db8::1", on: [4]), links: [single]).isEmpty)
  }

  @Test func otherAnnouncersAreNamedWithTheirProcesses() {
    let facts = HostFacts(programs: [
      .init(name: "keepalived", pid: 9), .init(name: "keepalived", pid: 4),
      .init(name: "cilium-agent", pid: 7),
    ])
    let warnings = HostJudgement(
      links: [Self.lan0], announced: announced("10.80.8.150", on: [2]), facts: facts
    ).warnings
    #expect(warnings.map(\.kind) == [.otherAnnouncer, .otherAnnouncer])
    #expect(warnings[0].message.contains("enable-l2-announcements: false"))
    #expect(warnings[1].message.contains("keepalived runs on this node (pid 4, 9)"))
  }

  @Test func unreadableSettingsAreSaidInsteadOfTrusted() {
    let warnings = HostJudgement(
      links: [host(1, "lo", flags: [.loopback], "10.80.8.150/32"), Self.lan0],
      announced: announced("10.80.8.150", on: [2]), facts: HostFacts(canReadSettings: false)
    ).warnings
    #expect(warnings.map(\.kind) == [.unchecked])
  }
}
