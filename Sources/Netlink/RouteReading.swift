internal import Announcer
internal import CMnl
internal import Wire

/// Reads RTM_NEWROUTE and RTM_DELROUTE (`rtnetlink(7)`, `linux/rtnetlink.h`) as far as they are about default
/// routes.
enum RouteReading {
  /// The routers of a default route, over all its ways; nil where the message is about another route, or about
  /// one that leads nowhere.
  static func gateways(
    of info: rtmsg, _ attributes: Attributes
  ) throws(Malformed) -> [Gateway]? {
    let family = info.rtm_family
    guard family == 2 || family == 10, info.rtm_dst_len == 0,
      Int(info.rtm_type) == Int(RTN_UNICAST), info.rtm_flags & UInt32(RTM_F_CLONED) == 0
    else { return nil }
    var link: Int32?
    var routers: [IPAddress] = []
    var found: [Gateway] = []
    try unsafe attributes.walk { type, attribute throws(Malformed) in
      switch type {
      case Int(RTA_OIF.rawValue): link = try unsafe number(attribute)
      case Int(RTA_MULTIPATH.rawValue): found += try unsafe ways(attribute, family: family)
      default:
        if let router = try unsafe router(type, attribute, family: family) {
          routers.append(router)
        }
      }
    }
    if let link { found += routers.map { Gateway($0, on: link) } }
    return found
  }

  /// The next hop that an attribute names, if it does: RTA_GATEWAY, or RTA_VIA where it is of another family than
  /// the route.
  private static func router(
    _ type: Int, _ attribute: UnsafePointer<nlattr>, family: UInt8
  ) throws(Malformed) -> IPAddress? {
    switch type {
    case Int(RTA_GATEWAY.rawValue): return try unsafe address(attribute, family: family)
    case Int(RTA_VIA.rawValue):
      // `struct rtvia`: the family in two octets, and the address behind them.
      switch try unsafe number(attribute, as: UInt16.self) {
      case 2:
        let raw = try unsafe number(attribute, at: 2, as: UInt32.self).bigEndian
        return .v4(IPv4Address(rawValue: raw))
      case 10:
        let raw = try unsafe number(attribute, at: 2, as: UInt128.self).bigEndian
        return .v6(IPv6Address(rawValue: raw))
      default: return nil
      }
    default: return nil
    }
  }

  /// `struct rtnexthop`, one after the other, each with attributes of its own.
  private static func ways(
    _ attribute: UnsafePointer<nlattr>, family: UInt8
  ) throws(Malformed) -> [Gateway] {
    let header = MemoryLayout<rtnexthop>.size
    let length = unsafe Int(mnl_attr_get_payload_len(attribute))
    let start = unsafe UnsafeRawPointer(mnl_attr_get_payload(attribute)!)
    var found: [Gateway] = []
    var offset = 0
    while offset < length {
      guard length - offset >= header else { throw Malformed() }
      let way = unsafe start.loadUnaligned(fromByteOffset: offset, as: rtnexthop.self)
      let size = Int(way.rtnh_len)
      guard size >= header, size <= length - offset else { throw Malformed() }
      let inner = unsafe Attributes(
        start: (start + offset + header).assumingMemoryBound(to: nlattr.self),
        length: size - header)
      try unsafe inner.walk { type, attribute throws(Malformed) in
        if let router = try unsafe router(type, attribute, family: family) {
          found.append(Gateway(router, on: way.rtnh_ifindex))
        }
      }
      offset += size + 3 & ~3
    }
    return found
  }
}
