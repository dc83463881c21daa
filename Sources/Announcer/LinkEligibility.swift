internal import Wire

/// The rules about links (one row each), applied to a link among the other links of the node.
///
/// Three questions, because their answers mean different things: is the link ruled out (skipped), is
/// it unable to carry right now (down), is one family missing? The patterns' view, and what follows
/// from two links being chosen together, is `InterfaceSelection`'s.
package struct LinkEligibility: Sendable {
  private let links: [Int32: Link]

  package init(_ links: [Link]) {
    self.links = Dictionary(links.map { ($0.id.index, $0) }, uniquingKeysWith: { $1 })
  }

  /// What rules `link` out whatever its state; nil where it may be used.
  ///
  /// - Parameter isNamedExactly: a pattern `^name$` names it. That lifts the rules that guess what
  ///   an operator wants, not those that say what works.
  package func exclusion(of link: Link, isNamedExactly: Bool) -> SkipReason? {
    if link.hardwareType != Self.ethernet {
      // Loopback has a type of its own; its flag says it in words that people know.
      return link.flags.contains(.loopback)
        ? .loopback : .notEthernet(hardwareType: link.hardwareType)
    }
    if link.flags.contains(.loopback) { return .loopback }
    if link.flags.contains(.pointToPoint) { return .pointToPoint }
    if link.flags.contains(.noARP) { return .noARP }
    if isNamedExactly { return nil }
    return masterExclusion(of: link) ?? kindExclusion(of: link) ?? nameExclusion(of: link)
  }

  /// What keeps `link` from carrying frames right now; nil where it can.
  package func impediment(of link: Link) -> SkipReason? {
    guard let address = link.hardwareAddress else { return .noHardwareAddress }
    guard address.isStation else { return .unusableHardwareAddress(address) }
    if !link.flags.contains(.up) { return .administrativelyDown(name: link.name) }
    if !link.flags.contains(.lowerUp) { return .noCarrier }
    if !link.isOperational { return .operationalState(link.operationalState) }
    return nil
  }

  /// Why there is no ARP on a link that is otherwise fine.
  package func arpExclusion(of link: Link) -> SkipReason? {
    link.flags.contains(.broadcast) ? nil : .noBroadcast
  }

  /// Why there is no neighbour discovery on a link that is otherwise fine.
  package func ndpExclusion(of link: Link) -> SkipReason? {
    if !link.flags.contains(.multicast) { return .noMulticast }
    return link.isIPv6Disabled ? .ipv6Disabled(name: link.name) : nil
  }

  /// The parent whose LAN a macvlan or ipvlan child shares; nil for every other kind. (A VLAN's
  /// parent is another broadcast domain, a veth's "parent" is its peer.)
  package func parentOnSameLAN(of link: Link) -> Int32? {
    switch link.kind {
    case "macvlan", "macvtap", "ipvlan", "ipvtap": link.parentIndex
    default: nil
    }
  }

  /// A port's frames belong to its master, whichever kind that is; only a VRF is a routing table
  /// and nothing more (Documentation/networking/vrf.rst).
  private func masterExclusion(of link: Link) -> SkipReason? {
    guard let index = link.masterIndex else { return nil }
    guard let master = links[index] else {
      return .portOfUnknownMaster(index: index, name: link.name)
    }
    if master.kind == "vrf" { return nil }
    return .port(of: master.name, kind: master.kind, name: link.name)
  }

  private func kindExclusion(of link: Link) -> SkipReason? {
    guard let kind = link.kind, Self.virtualKinds.contains(kind) else { return nil }
    return .virtualKind(kind, name: link.name)
  }

  private func nameExclusion(of link: Link) -> SkipReason? {
    for prefix in Self.nameFamilies where link.name.hasPrefix(prefix) {
      return .nameFamily("\(prefix)*", name: link.name)
    }
    for name in Self.ownedNames where link.name == name {
      return .nameFamily(name, name: link.name)
    }
    return nil
  }

  /// ARPHRD_ETHER (`linux/if_arp.h`).
  private static let ethernet: UInt16 = 1

  /// IFLA_INFO_KIND of interfaces that lead into this node, a tunnel or nowhere.
  private static let virtualKinds: Set<String> = [
    "dummy", "ifb", "nlmon", "tun", "wireguard", "vxlan", "geneve", "bareudp", "gtp", "amt",
    "gre", "gretap", "ip6gre", "ip6gretap", "erspan", "ip6erspan", "ipip", "ip6tnl", "sit",
    "vti", "vti6", "xfrm", "netkit",
  ]

  private static let nameFamilies = [
    "lxc", "cali", "veth", "docker", "cni", "flannel", "cilium_", "kube-ipvs", "virbr", "tunl",
    "tailscale",
  ]

  private static let ownedNames = ["ovs-system"]
}

extension Link {
  /// Whether the interface itself can pass frames: up, carrier, and operational state up or unknown
  /// (drivers that never report one stay unknown; Documentation/networking/operstates.rst).
  package var canCarry: Bool {
    flags.contains(.up) && flags.contains(.lowerUp) && isOperational
  }

  fileprivate var isOperational: Bool {
    operationalState == .up || operationalState == .unknown
  }
}
