import Announcer
import Foundation
import HostAudit
import Testing
import Wire

struct HostFactsReaderTests {
  func read(_ files: [String: String], _ names: [String] = ["lan0"]) throws -> HostFacts {
    let proc = try FakeProc(files)
    return HostFactsReader(root: proc.root).read(linkNames: names, proxies: [])
  }

  @Test func theGreaterOfAllAndTheLinkTakesEffect() throws {
    let facts = try read(
      FakeProc.settings(
        links: ["lan0"],
        [
          "ipv4/conf/all/arp_ignore": "1", "ipv4/conf/lan0/arp_announce": "2",
          "ipv4/conf/all/rp_filter": "1", "ipv4/conf/lan0/rp_filter": "2",
          "ipv4/conf/all/proxy_arp": "1", "ipv6/conf/all/proxy_ndp": "1",
        ]))
    let settings = try #require(facts.settings["lan0"])
    #expect(settings.arpIgnore == 1 && settings.arpAnnounce == 2)
    #expect(settings.reversePathFilter == 2 && settings.proxyARP == 1 && settings.proxyNDP == 1)
    #expect(facts.canReadSettings)
  }

  @Test func forwardingAndDisableIPv6AreTheLinksOwn() throws {
    let facts = try read(
      FakeProc.settings(
        links: ["lan0"],
        [
          "ipv4/conf/all/forwarding": "1", "ipv6/conf/all/disable_ipv6": "1",
          "ipv6/conf/lan0/forwarding": "1",
        ]))
    let settings = try #require(facts.settings["lan0"])
    #expect(settings.ipv4Forwarding == 0 && settings.disableIPv6 == 0)
    #expect(settings.ipv6Forwarding == 1)
  }

  @Test func whatCannotBeReadIsNotKnown() throws {
    let facts = try read(["1/comm": "systemd"])
    #expect(!facts.canReadSettings)
    #expect(facts.settings["lan0"] == LinkSettings())
    let rubbish = try read(
      FakeProc.settings(links: ["lan0"], ["ipv4/conf/lan0/arp_ignore": "yes"]))
    #expect(rubbish.settings["lan0"]?.arpIgnore == nil)
  }

  @Test func otherAnnouncersAreFoundByTheirNames() throws {
    let facts = try read([
      "1/comm": "systemd", "17/comm": "keepalived", "4/comm": "kube-vip", "18/comm": "keepalive",
      "net/comm": "ucarp",
    ])
    #expect(
      facts.programs == [
        .init(name: "kube-vip", pid: 4), .init(name: "keepalived", pid: 17),
      ])
  }

  @Test func programsInOtherNetworkNamespacesAreNotOurs() throws {
    let proc = try FakeProc(["5/comm": "keepalived", "6/comm": "keepalived", "7/comm": "ucarp"])
    for (process, namespace) in [("thread-self", "1"), ("5", "2"), ("6", "1")] {
      let folder = "\(proc.root)/\(process)/ns"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/net", withDestinationPath: "net:[\(namespace)]")
    }
    let facts = HostFactsReader(root: proc.root).read(linkNames: [], proxies: [])
    // Process 7 cannot be told, so it counts.
    #expect(facts.programs.map(\.pid) == [6, 7])
  }

  @Test func nothingThereIsNoError() {
    let facts = HostFactsReader(root: "/nonexistent").read(linkNames: ["lan0"], proxies: [])
    #expect(facts.programs.isEmpty && !facts.canReadSettings)
  }
}
