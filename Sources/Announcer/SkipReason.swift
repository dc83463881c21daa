package import Wire

/// Why a link, or one address family on it, carries no announcements.
///
/// Typed, because tests assert it, metrics count it and `status` prints it. Each description is one
/// line for a person who has never read the source: what is so, and what to do about it.
package enum SkipReason: Hashable, Sendable {
  /// No `interfaces:` pattern matches the name.
  case noPatternMatches
  /// Matched by the defaults, but not by the announcement's own, narrower patterns.
  case outsideTheNarrowerPatterns
  /// `ifi_type` is not ARPHRD_ETHER: neither ARP nor NDP with six-octet addresses is spoken here.
  case notEthernet(hardwareType: UInt16)
  case loopback
  case pointToPoint
  /// IFF_NOARP: the kernel does not resolve neighbours here, and nobody else does either.
  case noARP
  /// A port of a bridge, bond, team or virtual switch, which hands its frames to its master before our
  /// sockets see them: a question is never heard here, whatever the patterns say.
  case port(of: String, kind: String?)
  /// A port whose master this node has not been told of.
  case portOfUnknownMaster(index: Int32)
  /// Another link takes frames that come in here before our sockets see them.
  case framesTaken(by: String, kind: String?, isUsable: Bool)
  /// A macvlan in source mode.
  case hearsListedSendersOnly
  /// An ipvlan, which is given only what is for addresses that the kernel has on it.
  case hearsOwnAddressesOnly(parent: String?)
  /// A macvtap or ipvtap: its frames go to the program that has opened it.
  case virtualMachine(kind: String)
  /// A kind of interface without another end.
  case leadsNowhere(kind: String)
  /// A kind of virtual interface that reaches no LAN by itself.
  case virtualKind(String, name: String)
  /// A name that container runtimes and the like give to interfaces of their own.
  case nameFamily(String, name: String)
  /// A macvlan or ipvlan child and its parent, or two children of one parent: one LAN, so one of them.
  case sameLAN(as: String, name: String)

  /// Nothing but the state keeps the link from carrying: no hardware address yet.
  case noHardwareAddress
  case unusableHardwareAddress(MACAddress)
  case administrativelyDown(name: String)
  case noCarrier
  case operationalState(OperationalState)
  /// The kernel has sent none of our frames for some time, of one family or of both.
  case sendRefused(name: String, error: String)

  /// ARP only: no IFF_BROADCAST.
  case noBroadcast
  /// NDP only: no IFF_MULTICAST.
  case noMulticast
  /// NDP only: `disable_ipv6`, or an MTU that is too small.
  case ipv6Disabled(name: String, smallMTU: UInt32? = nil)
}

extension SkipReason {
  /// A fixed word for metrics and for scripts: `no-pattern-matches`.
  package var code: String {
    switch self {
    case .noPatternMatches: "no-pattern-matches"
    case .outsideTheNarrowerPatterns: "outside-narrower-patterns"
    case .notEthernet: "not-ethernet"
    case .loopback: "loopback"
    case .pointToPoint: "point-to-point"
    case .noARP: "no-arp"
    case .port, .portOfUnknownMaster: "port-of-another-interface"
    case .framesTaken: "frames-taken"
    case .hearsListedSendersOnly: "hears-listed-senders-only"
    case .hearsOwnAddressesOnly: "hears-own-addresses-only"
    case .virtualMachine: "virtual-machine"
    case .leadsNowhere: "leads-nowhere"
    case .virtualKind: "virtual-kind"
    case .nameFamily: "name-family"
    case .sameLAN: "same-lan"
    case .noHardwareAddress: "no-hardware-address"
    case .unusableHardwareAddress: "unusable-hardware-address"
    case .administrativelyDown: "administratively-down"
    case .noCarrier: "no-carrier"
    case .operationalState: "operational-state"
    case .sendRefused: "send-refused"
    case .noBroadcast: "no-broadcast"
    case .noMulticast: "no-multicast"
    case .ipv6Disabled: "ipv6-disabled"
    }
  }
}

extension SkipReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noPatternMatches:
      "no pattern matches"
    case .outsideTheNarrowerPatterns:
      "the announcement's own interface patterns do not match"
    case .notEthernet(let type):
      "not Ethernet (hardware type \(type)): ARP and neighbour discovery do not work here"
    case .loopback:
      "a loopback interface reaches no LAN"
    case .pointToPoint:
      "a point-to-point interface has no neighbours to tell"
    case .noARP:
      "the interface has the NOARP flag: nobody asks for addresses here"
    case .port(_, "openvswitch"):
      "port of Open vSwitch, which is given what is asked here: match the interface that has its bridge's "
        + "name instead (ovs-vsctl list-br)"
    case .port(let master, let kind):
      "port of \(kind.map { "\($0) " } ?? "")\(master), which is given what is asked here: "
        + "match ^\(master)$ instead"
    case .portOfUnknownMaster(let index):
      "port of an unknown interface (index \(index)), which is given what is asked here: "
        + "match that one instead"
    case .framesTaken(let taker, let kind, let isUsable):
      "\(kind.map { "\($0) " } ?? "")\(taker) takes the frames that come in here"
        + (isUsable ? ": match ^\(taker)$ instead" : "")
    case .hearsListedSendersOnly:
      "a macvlan in source mode hears questions only from listed senders: "
        + "match its parent, or use mode bridge"
    case .hearsOwnAddressesOnly(let parent):
      "an ipvlan hears only what is for its own addresses: match "
        + (parent.map { "^\($0)$" } ?? "its parent") + " instead"
    case .virtualMachine(let kind):
      "the frames of a \(kind) go to the program that has opened it, usually a virtual machine: "
        + "match its parent instead"
    case .leadsNowhere(let kind):
      "an interface of kind \(kind) leads nowhere: nobody can ask here"
    case .virtualKind(let kind, let name):
      "a virtual interface of kind \(kind), which usually reaches no LAN: "
        + "to use it, name it exactly with ^\(name)$"
    case .nameFamily(let family, let name):
      "interfaces called \(family) usually belong to containers or tunnels: "
        + "to use this one, name it exactly with ^\(name)$"
    case .sameLAN(let other, let name):
      "on the same LAN as \(other), which is used: one of them is enough; "
        + "to use this one instead, name it, and only it, exactly with ^\(name)$"
    case .noHardwareAddress:
      "no hardware address of six octets"
    case .unusableHardwareAddress(let address):
      address == .zero
        ? "no hardware address yet (a bridge without ports has none)"
        : "its hardware address \(address) is a group address"
    case .administrativelyDown(let name):
      "administratively down: ip link set \(name) up"
    case .noCarrier:
      "no carrier: the cable, or the other end of the interface, is down"
    case .operationalState(let state):
      "operational state is \(state.words)"
    case .sendRefused(let name, let error):
      "the kernel refuses to send here (\(error)): look for rules about what leaves "
        + "(nft list ruleset; tc filter show dev \(name) egress)"
    case .noBroadcast:
      "no BROADCAST flag: no ARP here"
    case .noMulticast:
      "no MULTICAST flag: no neighbour discovery here"
    case .ipv6Disabled(let name, let mtu?):
      "its MTU of \(mtu) is too small for IPv6, which needs \(Link.leastMTUForIPv6): "
        + "ip link set \(name) mtu \(Link.leastMTUForIPv6)"
    case .ipv6Disabled(let name, nil):
      "IPv6 is off here: sysctl -w net.ipv6.conf.\(name.replacingDots).disable_ipv6=0"
    }
  }
}

extension OperationalState {
  /// As `ip link` names it, in words.
  fileprivate var words: String {
    switch self {
    case .unknown: "unknown"
    case .notPresent: "not present"
    case .down: "down"
    case .lowerLayerDown: "lower layer down"
    case .testing: "testing"
    case .dormant: "dormant (waiting for authentication, for instance 802.1X)"
    case .up: "up"
    }
  }
}

extension String {
  /// sysctl(8) swaps dots and slashes, so that `eth0.100` is written `eth0/100`.
  fileprivate var replacingDots: String {
    String(map { $0 == "." ? "/" : $0 })
  }
}
