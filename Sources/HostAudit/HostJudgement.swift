package import Announcer
internal import Wire

/// Judges what was read (wire.md §5.1): pure, so that each rule can be tested without a kernel.
///
/// One warning for each kind and link, however many addresses it concerns, in an order that does not
/// change from one pass to the next.
package struct HostJudgement {
  private let links: [Link]
  private let announced: [AnnouncedAddress]
  private let facts: HostFacts
  private let local: LocalAddresses

  /// - Parameters:
  ///   - links: all links of the node: an address may lie on any of them.
  ///   - announced: the addresses in question and their links.
  package init(links: [Link], announced: [AnnouncedAddress], facts: HostFacts) {
    self.links = links.sorted { $0.id.index < $1.id.index }
    self.announced = announced.filter { !$0.links.isEmpty }.sorted { $0.address < $1.address }
    self.facts = facts
    local = LocalAddresses(links)
  }

  package var warnings: [HostWarning] {
    guard !announced.isEmpty else { return [] }
    var warnings: [HostWarning] = []
    for link in links {
      let here = announced.filter { $0.links.contains(link.id.index) }.map(\.address)
      if !here.isEmpty { warnings += judge(link, announcing: here) }
    }
    warnings += outsideEverySubnet
    warnings += otherPrograms
    if !facts.canReadSettings {
      warnings.append(
        HostWarning(
          kind: .unchecked,
          message: "/proc/sys/net cannot be read here, so the kernel's settings were not checked "
            + "(is ProcSubset=pid set for the service?)"))
    }
    return warnings
  }

  private func judge(_ link: Link, announcing addresses: [IPAddress]) -> [HostWarning] {
    let settings = facts.settings[link.name] ?? LinkSettings()
    let ipv4 = addresses.filter { !$0.isIPv6 }
    return [
      onTheLinkItself(link, addresses), arpIgnore(link, settings, ipv4),
      arpAnnounce(link, settings, ipv4), proxyARP(link, settings, ipv4),
      neighborProxy(link, addresses), reversePathFilter(link, settings, ipv4),
      ipv6Disabled(link, settings, addresses.filter(\.isIPv6)),
    ].compactMap { $0 }
  }

  private func onTheLinkItself(_ link: Link, _ addresses: [IPAddress]) -> HostWarning? {
    let own = addresses.filter { local.isConfigured($0, on: link.name) }
    guard let first = own.first else { return nil }
    return HostWarning(
      kind: .addressOnAnnouncingLink, link: link.name,
      message: "\(summary(own)) \(own.count > 1 ? "are" : "is") configured on \(link.name) itself, "
        + "so the kernel answers too, on every node that has it: "
        + "ip addr del \(first) dev \(link.name)")
  }

  /// The kernel answers ARP for any local address on any link (`arp_ignore` 0). IPv6 does not: a
  /// solicitation is answered for addresses of the arrival link only.
  private func arpIgnore(
    _ link: Link, _ settings: LinkSettings, _ addresses: [IPAddress]
  ) -> HostWarning? {
    guard let value = settings.arpIgnore, value < 1 else { return nil }
    let (elsewhere, holders) = localElsewhere(addresses, than: link)
    guard !elsewhere.isEmpty else { return nil }
    let sysctl = key(4, link, "arp_ignore")
    return HostWarning(
      kind: .arpIgnore, link: link.name, sysctl: sysctl,
      message: "\(summary(elsewhere)) on \(holders) \(elsewhere.count > 1 ? "are" : "is") answered "
        + "for by the kernel on \(link.name), whoever holds the lease: sysctl -w \(sysctl)=1")
  }

  private func arpAnnounce(
    _ link: Link, _ settings: LinkSettings, _ addresses: [IPAddress]
  ) -> HostWarning? {
    guard let value = settings.arpAnnounce, value < 2 else { return nil }
    let (elsewhere, holders) = localElsewhere(addresses, than: link)
    guard !elsewhere.isEmpty else { return nil }
    let sysctl = key(4, link, "arp_announce")
    return HostWarning(
      kind: .arpAnnounce, link: link.name, sysctl: sysctl,
      message: "the kernel's own ARP requests on \(link.name) may carry \(summary(elsewhere)) "
        + "(on \(holders)) as sender and draw clients here: sysctl -w \(sysctl)=2")
  }

  private func proxyARP(
    _ link: Link, _ settings: LinkSettings, _ addresses: [IPAddress]
  ) -> HostWarning? {
    guard !addresses.isEmpty else { return nil }
    let names = [
      ("proxy_arp", settings.proxyARP), ("proxy_arp_pvlan", settings.proxyARPPrivateVLAN),
    ]
    guard let name = names.first(where: { ($0.1 ?? 0) > 0 })?.0 else { return nil }
    let sysctl = key(4, link, name)
    let effect =
      (settings.ipv4Forwarding ?? 0) > 0
      ? "the kernel answers for others on \(link.name), late and with other flags"
      : "the kernel will answer for others on \(link.name) as soon as forwarding is on"
    return HostWarning(
      kind: .proxyARP, link: link.name, sysctl: sysctl,
      message: "\(name) is on: \(effect): sysctl -w \(sysctl)=0 (and \(key(4, nil, name))=0)")
  }

  private func neighborProxy(_ link: Link, _ addresses: [IPAddress]) -> HostWarning? {
    let proxied = Set(
      facts.proxies.filter { $0.linkIndex == nil || $0.linkIndex == link.id.index }.map(\.address))
    let ours = addresses.filter { proxied.contains($0) }
    guard let first = ours.first else { return nil }
    return HostWarning(
      kind: .neighborProxy, link: link.name, sysctl: first.isIPv6 ? key(6, link, "proxy_ndp") : nil,
      message: "the kernel has a proxy entry for \(summary(ours)) on \(link.name) and answers too "
        + "while forwarding is on: ip neigh del proxy \(first) dev \(link.name)")
  }

  /// Strict filtering drops what arrives on a link that the answer would not leave by. With the
  /// address in the link's own subnet, and no second link for it, that is the same link.
  private func reversePathFilter(
    _ link: Link, _ settings: LinkSettings, _ addresses: [IPAddress]
  ) -> HostWarning? {
    guard settings.reversePathFilter == 1 else { return nil }
    let several = Set(announced.filter { $0.links.count > 1 }.map(\.address))
    let subnets = link.subnets
    let at = addresses.filter { address in
      several.contains(address) || !subnets.contains { $0.contains(address) }
    }
    guard !at.isEmpty else { return nil }
    let sysctl = key(4, link, "rp_filter")
    return HostWarning(
      kind: .reversePathFilter, link: link.name, sysctl: sysctl,
      message:
        "rp_filter is strict on \(link.name): traffic to \(summary(at)) is dropped where the "
        + "way back to the client leads by another interface: sysctl -w \(sysctl)=2")
  }

  private func ipv6Disabled(
    _ link: Link, _ settings: LinkSettings, _ addresses: [IPAddress]
  ) -> HostWarning? {
    guard !addresses.isEmpty, link.isIPv6Disabled || settings.disableIPv6 == 1 else { return nil }
    if let mtu = link.smallMTU {
      return HostWarning(
        kind: .ipv6Disabled, link: link.name,
        message: "the MTU of \(link.name), \(mtu), is too small for IPv6, so \(summary(addresses)) "
          + "cannot be announced there: ip link set \(link.name) mtu \(Link.leastMTUForIPv6)")
    }
    let sysctl = key(6, link, "disable_ipv6")
    return HostWarning(
      kind: .ipv6Disabled, link: link.name, sysctl: sysctl,
      message: "IPv6 is off on \(link.name), so \(summary(addresses)) cannot be announced there: "
        + "sysctl -w \(sysctl)=0")
  }

  /// Links without any subnet of the family say nothing: a link needs no address of its own.
  private var outsideEverySubnet: [HostWarning] {
    let subnets = Dictionary(
      links.map { ($0.id.index, $0.subnets) }, uniquingKeysWith: { first, _ in first })
    let outside = announced.filter { entry in
      let known = entry.links.flatMap { subnets[$0] ?? [] }
        .filter { $0.lower.isIPv6 == entry.address.isIPv6 }
      return !known.isEmpty && !known.contains { $0.contains(entry.address) }
    }
    guard !outside.isEmpty else { return [] }
    let names = Set(outside.flatMap(\.links))
    let list = links.filter { names.contains($0.id.index) }.map(\.name).joined(separator: ", ")
    return [
      HostWarning(
        kind: .noSubnet,
        message: "\(summary(outside.map(\.address))) \(outside.count > 1 ? "lie" : "lies") in no "
          + "subnet of \(list): check the addresses for a typo, or have the router route them here")
    ]
  }

  private var otherPrograms: [HostWarning] {
    Dictionary(grouping: facts.programs, by: \.name).sorted { $0.key < $1.key }.map { name, all in
      let pids = all.map(\.pid).sorted().map { "\($0)" }.joined(separator: ", ")
      return HostWarning(
        kind: .otherAnnouncer,
        message: "\(name) runs on this node (pid \(pids)) and may announce addresses too: "
          + (otherAnnouncers[name] ?? "stop it, or give it other addresses"))
    }
  }

  /// The addresses that are local by another link, and those links in words.
  private func localElsewhere(
    _ addresses: [IPAddress], than link: Link
  ) -> (addresses: [IPAddress], holders: String) {
    let elsewhere = addresses.filter {
      !local.isConfigured($0, on: link.name) && local.holder(of: $0) != nil
    }
    let holders = Set(elsewhere.compactMap { local.holder(of: $0) }).sorted()
    return (elsewhere, holders.joined(separator: ", "))
  }

  /// "10.80.8.150 and 41 more"; the addresses are sorted.
  private func summary(_ addresses: [IPAddress]) -> String {
    guard let first = addresses.first else { return "nothing" }
    return addresses.count == 1 ? "\(first)" : "\(first) and \(addresses.count - 1) more"
  }

  /// sysctl(8) swaps dots and slashes, so that `eth0.100` is written `eth0/100`.
  private func key(_ family: Int, _ link: Link?, _ name: String) -> String {
    let place = String((link?.name ?? "all").map { $0 == "." ? "/" : $0 })
    return "net.ipv\(family).conf.\(place).\(name)"
  }
}
