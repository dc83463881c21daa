package import Announcer
package import Wire

/// What one RTM_NEWLINK says (`rtnetlink(7)`, `linux/if_link.h`), as plain values.
///
/// The kernel describes the whole link each time: an attribute that is absent means "none" (no
/// master, no parent), except where a fact is said to be nil for "not mentioned".
package struct LinkMessage: Hashable, Sendable {
  /// AF_UNSPEC for the link itself; AF_BRIDGE and AF_INET6 messages speak of one aspect of it.
  package var family: UInt8
  package var index: Int32
  package var name: String
  package var hardwareType: UInt16
  package var flags: LinkFlags
  package var operationalState: OperationalState
  /// IFLA_INFO_KIND.
  package var kind: String?
  /// IFLA_ADDRESS where it has six octets.
  package var hardwareAddress: MACAddress?
  /// IFLA_MASTER.
  package var masterIndex: Int32?
  /// IFLA_LINK where IFLA_LINK_NETNSID is absent: a parent in this namespace.
  package var parentIndex: Int32?
  /// Links that this one takes frames from, without being their master: a macvlan's parent in passthru
  /// mode, or in source mode with the flag `nodst`, the ports of an HSR or PRP, the link of a switch chip.
  package var takesFrom: [Int32]
  /// A macvlan or macvtap in source mode.
  package var hearsListedSendersOnly: Bool
  /// IFLA_EVENT.
  package var event: Event?
  /// IFLA_CARRIER_UP_COUNT: how often the carrier has come up in this life of the link. Nil where
  /// the kernel does not say (before 4.16).
  package var carrierUpCount: UInt32?
  /// Frames sent (IFLA_STATS64), which only grow in one life of a link. Nil: not mentioned.
  package var transmittedPackets: UInt64?
  /// Frames received, likewise.
  package var receivedPackets: UInt64?
  /// From IFLA_AF_SPEC. Nil: not mentioned.
  package var isIPv6Disabled: Bool?
  /// IFLA_MTU. Nil: not mentioned.
  package var mtu: UInt32?

  /// IFLA_EVENT_*, the two after which neighbours must hear everything again.
  package enum Event: Hashable, Sendable {
    case bondingFailover
    case notifyPeers
  }

  package init(
    family: UInt8 = 0, index: Int32, name: String, hardwareType: UInt16 = 1,
    flags: LinkFlags = [], operationalState: OperationalState = .unknown, kind: String? = nil,
    hardwareAddress: MACAddress? = nil, masterIndex: Int32? = nil, parentIndex: Int32? = nil,
    takesFrom: [Int32] = [], hearsListedSendersOnly: Bool = false,
    event: Event? = nil, carrierUpCount: UInt32? = nil, transmittedPackets: UInt64? = nil,
    receivedPackets: UInt64? = nil, isIPv6Disabled: Bool? = nil, mtu: UInt32? = nil
  ) {
    self.family = family
    self.index = index
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
    self.event = event
    self.carrierUpCount = carrierUpCount
    self.transmittedPackets = transmittedPackets
    self.receivedPackets = receivedPackets
    self.isIPv6Disabled = isIPv6Disabled
    self.mtu = mtu
  }
}
