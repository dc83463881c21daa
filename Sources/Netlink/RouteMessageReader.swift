internal import Announcer
internal import CMnl
internal import Wire

/// Turns what the route socket received into messages, whatever the octets are.
///
/// Lengths are the kernel's to get right, but a daemon that trusts them is one kernel bug, or one
/// stray sender, from a crash: every length is checked, and a message that lies is left out and
/// counted. Source: `netlink(7)`, `rtnetlink(7)`.
package struct RouteMessageReader: Hashable, Sendable {
  package private(set) var messages: [RouteMessage] = []
  /// Messages that were left out.
  package private(set) var malformed = 0

  /// Reads the first `count` octets of `buffer`.
  package init(_ buffer: [UInt8], count: Int) {
    unsafe buffer.withUnsafeBytes { octets in
      var rest = Int32(clamping: min(count, octets.count))
      guard rest > 0, let base = octets.baseAddress else { return }
      var header = unsafe base.assumingMemoryBound(to: nlmsghdr.self)
      while rest > 0 {
        // libmnl compares the length as a signed number: one beyond 2³¹ would pass.
        guard unsafe mnl_nlmsg_ok(header, rest), unsafe header.pointee.nlmsg_len <= UInt32(rest)
        else {
          malformed += 1
          return
        }
        do throws(Malformed) {
          messages.append(
            RouteMessage(
              sequence: unsafe header.pointee.nlmsg_seq,
              isInterrupted: unsafe Int32(header.pointee.nlmsg_flags) & NLM_F_DUMP_INTR != 0,
              try unsafe Self.body(header)))
        } catch {
          malformed += 1
        }
        unsafe header = UnsafePointer(unsafe mnl_nlmsg_next(header, &rest))
      }
    }
  }

  private static func body(
    _ header: UnsafePointer<nlmsghdr>
  ) throws(Malformed) -> RouteMessage.Body {
    let type = unsafe Int(header.pointee.nlmsg_type)
    switch type {
    case Int(RTM_NEWLINK):
      return try unsafe newLink(header)
    case Int(RTM_DELLINK):
      let info = try unsafe fixed(header, as: ifinfomsg.self)
      return .deleteLink(family: info.ifi_family, index: info.ifi_index)
    case Int(RTM_NEWADDR), Int(RTM_DELADDR):
      guard let message = try unsafe addressMessage(header) else { break }
      return type == Int(RTM_NEWADDR) ? .newAddress(message) : .deleteAddress(message)
    case Int(RTM_NEWNEIGH):
      guard let proxy = try unsafe proxy(header) else { break }
      return .proxy(proxy)
    case Int(RTM_NEWROUTE), Int(RTM_DELROUTE):
      let info = try unsafe fixed(header, as: rtmsg.self)
      let attributes = try unsafe attributes(header, behind: rtmsg.self)
      guard let gateways = try unsafe RouteReading.gateways(of: info, attributes) else { break }
      return .defaultRoute(gateways)
    case Int(NLMSG_DONE):
      // Old kernels end a dump without a code.
      let hasCode = unsafe mnl_nlmsg_get_payload_len(header) >= MemoryLayout<Int32>.size
      return .done(code: hasCode ? 0 &- (try unsafe fixed(header, as: Int32.self)) : 0)
    case Int(NLMSG_ERROR):
      return try unsafe failure(header)
    default:
      break
    }
    return .other(type: UInt16(truncatingIfNeeded: type))
  }

  /// The structure that a message's payload begins with.
  private static func fixed<Value: BitwiseCopyable>(
    _ header: UnsafePointer<nlmsghdr>, as type: Value.Type
  ) throws(Malformed) -> Value {
    guard unsafe mnl_nlmsg_get_payload_len(header) >= MemoryLayout<Value>.size else {
      throw Malformed()
    }
    return unsafe UnsafeRawPointer(mnl_nlmsg_get_payload(header)).loadUnaligned(as: Value.self)
  }

  private static func attributes<Value: BitwiseCopyable>(
    _ header: UnsafePointer<nlmsghdr>, behind type: Value.Type
  ) throws(Malformed) -> Attributes {
    guard let attributes = unsafe Attributes(of: header, offset: MemoryLayout<Value>.size) else {
      throw Malformed()
    }
    return unsafe attributes
  }

  private static func newLink(
    _ header: UnsafePointer<nlmsghdr>
  ) throws(Malformed) -> RouteMessage.Body {
    let info = try unsafe fixed(header, as: ifinfomsg.self)
    var message = LinkMessage(
      family: info.ifi_family, index: info.ifi_index, name: "", hardwareType: info.ifi_type,
      flags: LinkFlags(rawValue: info.ifi_flags).intersection(known))
    var parent: Int32?
    var isParentElsewhere = false
    var details: LinkDetails?
    try unsafe attributes(header, behind: ifinfomsg.self).walk {
      type, attribute throws(Malformed) in
      switch type {
      case Int(IFLA_IFNAME): message.name = unsafe text(attribute)
      case Int(IFLA_ADDRESS): message.hardwareAddress = try unsafe hardwareAddress(attribute)
      case Int(IFLA_MTU): message.mtu = try unsafe number(attribute)
      case Int(IFLA_OPERSTATE):
        message.operationalState =
          OperationalState(rawValue: try unsafe number(attribute)) ?? .unknown
      case Int(IFLA_MASTER): message.masterIndex = try unsafe index(attribute)
      case Int(IFLA_LINK): parent = try unsafe index(attribute)
      case Int(IFLA_LINK_NETNSID): isParentElsewhere = true
      case Int(IFLA_LINKINFO): details = try unsafe LinkDetails(attribute)
      case Int(IFLA_EVENT): message.event = event(try unsafe number(attribute))
      case Int(IFLA_CARRIER_UP_COUNT): message.carrierUpCount = try unsafe number(attribute)
      case Int(IFLA_STATS64):
        // The first two numbers of `struct rtnl_link_stats64`.
        message.receivedPackets = try unsafe number(attribute)
        message.transmittedPackets = try unsafe number(attribute, at: 8)
      case Int(IFLA_AF_SPEC): message.isIPv6Disabled = try unsafe isIPv6Disabled(attribute)
      default: break
      }
    }
    message.parentIndex = isParentElsewhere ? nil : parent
    message.kind = details?.kind
    message.takesFrom = details?.takesFrom(parent: message.parentIndex) ?? []
    message.hearsListedSendersOnly = details?.hearsListedSendersOnly ?? false
    // Wireless extensions send RTM_NEWLINK with events of their own and nothing about the link.
    guard !message.name.isEmpty else { return .other(type: UInt16(RTM_NEWLINK)) }
    return .newLink(message)
  }

  /// The rest (promiscuous, running, …) would make snapshots differ for nothing.
  private static let known: LinkFlags = [
    .up, .broadcast, .loopback, .pointToPoint, .noARP, .multicast, .lowerUp,
  ]

  private static func hardwareAddress(
    _ attribute: UnsafePointer<nlattr>
  ) throws(Malformed) -> MACAddress? {
    guard unsafe mnl_attr_get_payload_len(attribute) == 6 else { return nil }
    let high = try unsafe number(attribute, as: UInt16.self).bigEndian
    let low = try unsafe number(attribute, at: 2, as: UInt32.self).bigEndian
    return MACAddress(rawValue: UInt64(high) << 32 | UInt64(low))
  }

  /// An interface index; 0 means none.
  private static func index(_ attribute: UnsafePointer<nlattr>) throws(Malformed) -> Int32? {
    let index: Int32 = try unsafe number(attribute)
    return index == 0 ? nil : index
  }

  private static func event(_ number: UInt32) -> LinkMessage.Event? {
    switch Int(number) {
    case Int(IFLA_EVENT_BONDING_FAILOVER): .bondingFailover
    case Int(IFLA_EVENT_NOTIFY_PEERS): .notifyPeers
    default: nil
    }
  }

  /// Without an AF_INET6 part the kernel runs no IPv6 on the link at all (MTU below 1280, or IPv6
  /// off at boot), which comes to the same.
  private static func isIPv6Disabled(
    _ attribute: UnsafePointer<nlattr>
  ) throws(Malformed) -> Bool {
    var isDisabled = true
    try unsafe Attributes(in: attribute).walk { family, inner throws(Malformed) in
      guard family == 10 else { return }
      isDisabled = false
      try unsafe Attributes(in: inner).walk { type, settings throws(Malformed) in
        guard type == Int(IFLA_INET6_CONF) else { return }
        let place = 4 * Int(cmnl_devconf_disable_ipv6())
        isDisabled = try unsafe number(settings, at: place, as: Int32.self) != 0
      }
    }
    return isDisabled
  }

  /// Nil for a family that is neither IPv4 nor IPv6.
  private static func addressMessage(
    _ header: UnsafePointer<nlmsghdr>
  ) throws(Malformed) -> AddressMessage? {
    let info = try unsafe fixed(header, as: ifaddrmsg.self)
    let family = info.ifa_family
    guard family == 2 || family == 10 else { return nil }
    guard info.ifa_prefixlen <= (family == 2 ? 32 : 128) else { throw Malformed() }
    var local: IPAddress?
    var other: IPAddress?
    var flags = UInt32(info.ifa_flags)
    try unsafe attributes(header, behind: ifaddrmsg.self).walk {
      type, attribute throws(Malformed) in
      switch type {
      case Int(IFA_LOCAL): local = try unsafe address(attribute, family: family)
      case Int(IFA_ADDRESS): other = try unsafe address(attribute, family: family)
      // Replaces the eight flags of the header.
      case Int(IFA_FLAGS): flags = try unsafe number(attribute)
      default: break
      }
    }
    guard let own = local ?? other else { throw Malformed() }
    let isWaiting = flags & UInt32(IFA_F_TENTATIVE) != 0 && flags & UInt32(IFA_F_OPTIMISTIC) == 0
    return AddressMessage(
      index: Int32(truncatingIfNeeded: info.ifa_index), address: own,
      prefixLength: Int(info.ifa_prefixlen), peer: other == own ? nil : other,
      isTentative: isWaiting || flags & UInt32(IFA_F_DADFAILED) != 0)
  }

  /// Nil for a neighbour that is no proxy entry.
  private static func proxy(
    _ header: UnsafePointer<nlmsghdr>
  ) throws(Malformed) -> NeighborProxy? {
    let info = try unsafe fixed(header, as: ndmsg.self)
    let family = info.ndm_family
    guard Int32(info.ndm_flags) & NTF_PROXY != 0, family == 2 || family == 10 else { return nil }
    var target: IPAddress?
    try unsafe attributes(header, behind: ndmsg.self).walk { type, attribute throws(Malformed) in
      if type == Int(NDA_DST) { target = try unsafe address(attribute, family: family) }
    }
    guard let target else { throw Malformed() }
    return NeighborProxy(address: target, linkIndex: info.ndm_ifindex == 0 ? nil : info.ndm_ifindex)
  }

  private static func failure(
    _ header: UnsafePointer<nlmsghdr>
  ) throws(Malformed) -> RouteMessage.Body {
    let error = try unsafe fixed(header, as: nlmsgerr.self)
    let flags = unsafe Int32(header.pointee.nlmsg_flags)
    var words: String?
    if flags & NLM_F_ACK_TLVS != 0 {
      // Behind the request, which comes back whole unless the flag says "header only".
      let whole = max(Int(error.msg.nlmsg_len), MemoryLayout<nlmsghdr>.size)
      let echoed = flags & NLM_F_CAPPED != 0 ? MemoryLayout<nlmsghdr>.size : whole
      guard let attributes = unsafe Attributes(of: header, offset: 4 + echoed) else {
        throw Malformed()
      }
      try unsafe attributes.walk { type, attribute throws(Malformed) in
        if type == Int(NLMSGERR_ATTR_MSG.rawValue) { words = unsafe text(attribute) }
      }
    }
    return .failure(code: 0 &- error.error, message: words)
  }
}
