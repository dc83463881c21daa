package import Wire

/// Names one life of an interface. The kernel may give the same index to a new interface after the
/// old one was deleted; the generation tells them apart.
package struct LinkID: Hashable, Sendable {
  /// The kernel's interface index (`ifi_index`, `sll_ifindex`), ≥ 1.
  package let index: Int32
  /// Differs between any two lives of one index; of two lives, the later has the greater number.
  package let generation: UInt32

  package init(index: Int32, generation: UInt32) {
    self.index = index
    self.generation = generation
  }
}

/// What the core knows of a network interface: rtnetlink's facts, without rtnetlink.
package struct Link: Hashable, Sendable {
  package var id: LinkID
  /// IFLA_IFNAME, 1–15 octets.
  package var name: String
  /// ARPHRD_* (`ifi_type`): 1 is Ethernet.
  package var hardwareType: UInt16
  package var flags: LinkFlags
  package var operationalState: OperationalState
  /// IFLA_INFO_KIND: "bridge", "bond", "veth", "macvlan" …; nil for hardware.
  package var kind: String?
  /// IFLA_ADDRESS where it has six octets, else nil.
  package var hardwareAddress: MACAddress?
  /// IFLA_MASTER: the bridge, bond or VRF this link is a port of.
  package var masterIndex: Int32?
  /// IFLA_LINK, where the parent is in this network namespace.
  package var parentIndex: Int32?
  /// Links that this one takes frames from, without being their master.
  package var takesFrom: [Int32]
  /// IFLA_MACVLAN_MODE is "source": only frames from listed senders come in here.
  package var hearsListedSendersOnly: Bool
  /// The node's own addresses on this link.
  package var addresses: [LinkAddress]
  /// Goes up whenever neighbours must hear everything on this link again: carrier came back, the
  /// hardware address or the name changed, a bond failed over, a migration was notified.
  package var revision: UInt32
  /// IPv6 does not run on this link (`disable_ipv6`, or its MTU): no MLD report and no link-local address.
  package var isIPv6Disabled: Bool
  /// The MTU where it is too small for IPv6, which the kernel then takes off the link.
  package var smallMTU: UInt32?
  /// Frames received since the link came to be, when it last came up (IFLA_STATS64).
  package var receivedWhenUp: UInt64
  /// What the kernel says to every ARP packet that is to leave here; nil where it sends them.
  package var refusedARP: String?
  /// What the kernel says to every neighbour advertisement that is to leave here; nil where it sends them.
  package var refusedNDP: String?

  package init(
    id: LinkID, name: String, hardwareType: UInt16 = 1, flags: LinkFlags = [],
    operationalState: OperationalState = .unknown, kind: String? = nil,
    hardwareAddress: MACAddress? = nil, masterIndex: Int32? = nil, parentIndex: Int32? = nil,
    takesFrom: [Int32] = [], hearsListedSendersOnly: Bool = false,
    addresses: [LinkAddress] = [], revision: UInt32 = 0, isIPv6Disabled: Bool = false,
    receivedWhenUp: UInt64 = 0
  ) {
    self.id = id
    self.name = name
    self.hardwareType = hardwareType
    self.flags = flags
    self.operationalState = operationalState
    self.kind = kind
    self.hardwareAddress = hardwareAddress
    self.masterIndex = masterIndex
    self.parentIndex = parentIndex
    self.takesFrom = takesFrom
    self.hearsListedSendersOnly = hearsListedSendersOnly
    self.addresses = addresses
    self.revision = revision
    self.isIPv6Disabled = isIPv6Disabled
    self.receivedWhenUp = receivedWhenUp
  }
}

/// The IFF_* flags that decide whether a link can carry announcements (`linux/if.h`).
package struct LinkFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let up = LinkFlags(rawValue: 1 << 0)
  package static let broadcast = LinkFlags(rawValue: 1 << 1)
  package static let loopback = LinkFlags(rawValue: 1 << 3)
  package static let pointToPoint = LinkFlags(rawValue: 1 << 4)
  package static let noARP = LinkFlags(rawValue: 1 << 7)
  package static let multicast = LinkFlags(rawValue: 1 << 12)
  package static let lowerUp = LinkFlags(rawValue: 1 << 16)
}

/// IF_OPER_* (RFC 2863 §3.1.14, `linux/if.h`).
package enum OperationalState: UInt8, Hashable, Sendable {
  case unknown, notPresent, down, lowerLayerDown, testing, dormant, up
}

/// An address of the node itself on a link.
package struct LinkAddress: Hashable, Sendable {
  package var address: IPAddress
  /// 0–32 or 0–128.
  package var prefixLength: Int
  /// The other end, where the address was given one.
  package var peer: IPAddress?
  /// Duplicate address detection has not ended, or has failed: not yet a source address (RFC 4862 §5.4).
  package var isTentative: Bool

  package init(
    address: IPAddress, prefixLength: Int, peer: IPAddress? = nil, isTentative: Bool = false
  ) {
    self.address = address
    self.prefixLength = prefixLength
    self.peer = peer
    self.isTentative = isTentative
  }
}

extension Link {
  /// RFC 8200 §5.
  package static let leastMTUForIPv6: UInt32 = 1280

  /// The link-local IPv6 address to send from (RFC 4861 §4.4), nil where none is usable yet.
  package var linkLocalAddress: IPv6Address? {
    for entry in addresses where !entry.isTentative {
      if case .v6(let address) = entry.address, address.isLinkLocal { return address }
    }
    return nil
  }
}
