package import Announcer
internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Reads the settings and processes of this node from `/proc`. Never writes anything, and takes
/// what it may not see (hidepid, ProcSubset) as not known.
package struct HostFactsReader: Sendable {
  /// The root of a proc file system: `/proc`.
  private let root: String

  package init(root: String = "/proc") {
    self.root = root
  }

  /// - Parameters:
  ///   - names: the links to read the settings of.
  ///   - proxies: what netlink knows, passed on.
  package func read(linkNames names: [String], proxies: [NeighborProxy]) -> HostFacts {
    let all = setting(4, "all", "arp_ignore")
    return HostFacts(
      settings: Dictionary(
        names.map { ($0, settings(of: $0)) }, uniquingKeysWith: { first, _ in first }),
      programs: programs(), proxies: proxies, canReadSettings: all != nil)
  }

  /// Whether the kernel answers ARP on a link for the addresses of all others (`arp_ignore` 0); false where that
  /// cannot be read.
  package func answersForOtherLinks(on link: String) -> Bool {
    guard let own = setting(4, link, "arp_ignore") else { return false }
    return max(own, setting(4, "all", "arp_ignore") ?? own) < 1
  }

  private func settings(of link: String) -> LinkSettings {
    func greater(_ family: Int, _ name: String) -> Int? {
      guard let own = setting(family, link, name) else { return nil }
      return max(own, setting(family, "all", name) ?? own)
    }
    var settings = LinkSettings()
    settings.arpIgnore = greater(4, "arp_ignore")
    settings.arpAnnounce = greater(4, "arp_announce")
    settings.reversePathFilter = greater(4, "rp_filter")
    settings.proxyARP = greater(4, "proxy_arp")
    settings.proxyARPPrivateVLAN = setting(4, link, "proxy_arp_pvlan")
    settings.ipv4Forwarding = setting(4, link, "forwarding")
    settings.proxyNDP = greater(6, "proxy_ndp")
    settings.ipv6Forwarding = setting(6, link, "forwarding")
    settings.disableIPv6 = setting(6, link, "disable_ipv6")
    return settings
  }

  private func setting(_ family: Int, _ link: String, _ name: String) -> Int? {
    text(of: "\(root)/sys/net/ipv\(family)/conf/\(link)/\(name)").flatMap { Int($0) }
  }

  /// Processes that announce addresses by their name, in this network namespace as far as that can
  /// be told: a container's keepalived minds its own LAN.
  private func programs() -> [HostFacts.RunningProgram] {
    let ours = target(of: "\(root)/thread-self/ns/net")
    return (directoryEntries(root) ?? []).compactMap { Int32($0) }.sorted().compactMap { pid in
      guard let name = text(of: "\(root)/\(pid)/comm"), otherAnnouncers[name] != nil else {
        return nil
      }
      let theirs = target(of: "\(root)/\(pid)/ns/net")
      if ours != nil && theirs != nil && ours != theirs { return nil }
      return HostFacts.RunningProgram(name: name, pid: pid)
    }
  }

  /// A short file without the line feed at its end; nil where it cannot be read.
  private func text(of path: String) -> String? {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = Descriptor(owning: number)
    var octets = [UInt8](repeating: 0, count: 256)
    let count = unsafe Glibc.read(file.rawValue, &octets, octets.count)
    guard count >= 0 else { return nil }
    let text = String(decoding: octets.prefix(count), as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Where a symbolic link points; nil where it cannot be read.
  private func target(of path: String) -> String? {
    var octets = [CChar](repeating: 0, count: 128)
    let count = unsafe readlink(path, &octets, octets.count)
    guard count >= 0 else { return nil }
    return String(decoding: octets.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
