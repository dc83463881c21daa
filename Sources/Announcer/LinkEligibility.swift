internal import Wire

/// The rules about links (one row each in wire.md §4.1), applied to a link among the other links of the node.
///
/// Three questions, because their answers mean different things: is the link ruled out (skipped), is
/// it unable to carry right now (down), is one family missing? A link is ruled out also where what is asked
/// on it never reaches a socket of ours: held means heard. The patterns' view, and what follows
/// from two links being chosen together, is `InterfaceSelection`'s.
package struct LinkEligibility: Sendable {
  private let links: [Int32: Link]
  /// Who takes frames from a link, by its index: the one with the lowest index.
  private let takers: [Int32: Link]

  package init(_ links: [Link]) {
    self.links = Dictionary(links.map { ($0.id.index, $0) }, uniquingKeysWith: { $1 })
    var takers: [Int32: Link] = [:]
    for link in links {
      for index in link.takesFrom where link.id.index < takers[index]?.id.index ?? .max {
        takers[index] = link
      }
    }
    self.takers = takers
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
    if let deafness = deafness(of: link) { return deafness }
    if isNamedExactly { return nil }
    return kindExclusion(of: link) ?? nameExclusion(of: link)
  }

  /// What keeps `link` from carrying frames right now; nil where it can.
  package func impediment(of link: Link) -> SkipReason? {
    guard let address = link.hardwareAddress else { return .noHardwareAddress }
    guard address.isStation else { return .unusableHardwareAddress(address) }
    if !link.flags.contains(.up) { return .administrativelyDown(name: link.name) }
    if !link.flags.contains(.lowerUp) { return .noCarrier }
    if !link.isOperational { return .operationalState(link.operationalState) }
    if let error = link.refusedARP, link.refusedNDP != nil {
      return .sendRefused(name: link.name, error: error)
    }
    return nil
  }

  /// Why a family that could be spoken on the link is not now: the kernel sends none of its frames.
  package func refusal(of link: Link, isIPv6: Bool) -> SkipReason? {
    (isIPv6 ? link.refusedNDP : link.refusedARP).map { .sendRefused(name: link.name, error: $0) }
  }

  /// Why there is no ARP on a link that is otherwise fine.
  package func arpExclusion(of link: Link) -> SkipReason? {
    link.flags.contains(.broadcast) ? nil : .noBroadcast
  }

  /// Why there is no neighbour discovery on a link that is otherwise fine.
  package func ndpExclusion(of link: Link) -> SkipReason? {
    if !link.flags.contains(.multicast) { return .noMulticast }
    guard link.isIPv6Disabled else { return nil }
    return .ipv6Disabled(name: link.name, smallMTU: link.smallMTU)
  }

  /// The parent whose LAN a macvlan or ipvlan child shares; nil for every other kind. (A VLAN's
  /// parent is another broadcast domain, a veth's "parent" is its peer.)
  package func parentOnSameLAN(of link: Link) -> Int32? {
    switch link.kind {
    case "macvlan", "macvtap", "ipvlan", "ipvtap": link.parentIndex
    default: nil
    }
  }

  /// Why questions that come in on `link` do not reach us, or not all of them; nil where they do.
  ///
  /// A socket for one EtherType gets a frame after the link's `rx_handler` has had it
  /// (`__netif_receive_skb_core`): what that handler takes, or moves to another link, is never heard here.
  private func deafness(of link: Link) -> SkipReason? {
    masterExclusion(of: link) ?? ownDeafness(of: link) ?? takenExclusion(of: link)
  }

  /// Kinds that are given a part of their LAN's frames only, or none.
  private func ownDeafness(of link: Link) -> SkipReason? {
    switch link.kind {
    case "macvtap", "ipvtap": .virtualMachine(kind: link.kind ?? "")
    // What is sent to its hardware address, which is its parent's too, comes in here only where it is for
    // an address that the kernel has on it.
    case "ipvlan": .hearsOwnAddressesOnly(parent: link.parentIndex.flatMap { links[$0]?.name })
    case "dummy", "ifb", "nlmon": .leadsNowhere(kind: link.kind ?? "")
    default: link.hearsListedSendersOnly ? .hearsListedSendersOnly : nil
    }
  }

  /// A macvlan in passthru mode takes what is sent to its parent's hardware address, a PRP what comes in on
  /// its ports, the ports of a switch chip what comes in on the link to the chip.
  private func takenExclusion(of link: Link) -> SkipReason? {
    guard let taker = takers[link.id.index] else { return nil }
    let isUsable = masterExclusion(of: taker) == nil && ownDeafness(of: taker) == nil
    return .framesTaken(by: taker.name, kind: taker.kind, isUsable: isUsable)
  }

  /// A port's frames belong to its master, whichever kind that is; only a VRF is a routing table
  /// and nothing more (Documentation/networking/vrf.rst).
  private func masterExclusion(of link: Link) -> SkipReason? {
    guard let index = link.masterIndex else { return nil }
    guard let master = links[index] else {
      return .portOfUnknownMaster(index: index)
    }
    if master.kind == "vrf" { return nil }
    return .port(of: master.name, kind: master.kind)
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

  /// IFLA_INFO_KIND of interfaces that lead into this node or a tunnel.
  private static let virtualKinds: Set<String> = [
    "tun", "wireguard", "vxlan", "geneve", "bareudp", "gtp", "amt",
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
