import Announcer
import CLinux
import Glibc
import HostAudit
import LinuxSystem
import Testing
import Wire

struct HostAuditTests {
  let links = [
    host(1, "lo", flags: [.up, .loopback], "127.0.0.1/8", "10.80.8.150/32"),
    host(2, "lan0", "10.80.8.1/24"), host(3, "other0"),
  ]

  @Test func readsAndJudgesTheAnnouncingLinksOnly() throws {
    let proc = try FakeProc(
      FakeProc.settings(
        links: ["lan0", "other0"],
        ["ipv4/conf/lan0/arp_announce": "2", "ipv4/conf/other0/proxy_arp": "1"]))
    let audit = HostAudit(root: proc.root)
    #expect(
      audit.warnings(links: links, announced: announced("10.80.8.150", on: [2])).map(\.kind)
        == [.arpIgnore])
    #expect(audit.warnings(links: links, announced: []).isEmpty)
    #expect(audit.warnings(links: links, announced: announced("10.80.8.150", on: [])).isEmpty)
  }

  @Test func tenThousandAddressesAreQuickAndOneWarning() throws {
    let proc = try FakeProc(FakeProc.settings(links: ["lan0"]))
    let all = (0..<10_000).map {
      AnnouncedAddress(
        address: .v4(IPv4Address(rawValue: 0x0a51_0000 + UInt32($0))), links: [2])
    }
    var ipvs = host(9, "kube-ipvs0")
    ipvs.addresses = all.map { LinkAddress(address: $0.address, prefixLength: 32) }
    let warnings = HostAudit(root: proc.root).warnings(links: links + [ipvs], announced: all)
    #expect(warnings.map(\.kind) == [.arpIgnore, .arpAnnounce, .noSubnet])
    #expect(warnings.allSatisfy { $0.message.contains("10.81.0.0 and 9999 more") })
  }

  /// The settings of a real kernel: an address on lo, proxy_arp on, everything else as it comes.
  @Test(.enabled(if: geteuid() == 0, "needs root to make network namespaces"))
  func aRealKernelsSettingsAreOneWarningEach() async throws {
    let links = links
    let warnings = try await withThread(named: "audit") { () throws(SystemError) in
      try systemCall("unshare") { unshare(clinux_clone_newnet()) }
      let made = unsafe system(
        """
        set -e; ip link add lan0 index 100 type veth peer name far0
        echo 1 > /proc/sys/net/ipv4/conf/lan0/proxy_arp
        echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
        """)
      guard made == 0 else { throw SystemError(call: "system", code: EIO) }
      return HostAudit().warnings(links: links, announced: announced("10.80.8.150", on: [2]))
    }
    #expect(
      warnings.map(\.sysctl).filter { $0 != nil } == [
        "net.ipv4.conf.lan0.arp_ignore", "net.ipv4.conf.lan0.arp_announce",
        "net.ipv4.conf.lan0.proxy_arp",
      ])
  }
}
