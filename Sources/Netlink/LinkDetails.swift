internal import CMnl

/// What IFLA_LINKINFO says of a link: its kind, and of the kind's own attributes those that decide which
/// other links lose their frames to it (`linux/if_link.h`).
struct LinkDetails {
  /// IFLA_INFO_KIND.
  private(set) var kind: String?
  private var mode: UInt32 = 0
  private var flags: UInt16 = 0
  private var slaves: [Int32] = []

  init(_ attribute: UnsafePointer<nlattr>) throws(Malformed) {
    try unsafe Attributes(in: attribute).walk { type, inner throws(Malformed) in
      if type == Int(IFLA_INFO_KIND) { kind = unsafe text(inner) }
    }
    try unsafe Attributes(in: attribute).walk { type, inner throws(Malformed) in
      if type == Int(IFLA_INFO_DATA) { try unsafe readData(inner) }
    }
  }

  /// The numbers of the attributes mean something else for each kind.
  private mutating func readData(_ data: UnsafePointer<nlattr>) throws(Malformed) {
    let kind = kind
    try unsafe Attributes(in: data).walk { type, inner throws(Malformed) in
      switch (kind, type) {
      case ("macvlan", Int(IFLA_MACVLAN_MODE)), ("macvtap", Int(IFLA_MACVLAN_MODE)):
        mode = try unsafe number(inner)
      case ("macvlan", Int(IFLA_MACVLAN_FLAGS)), ("macvtap", Int(IFLA_MACVLAN_FLAGS)):
        flags = try unsafe number(inner)
      case ("hsr", Int(IFLA_HSR_SLAVE1)), ("hsr", Int(IFLA_HSR_SLAVE2)):
        slaves.append(try unsafe number(inner))
      default: break
      }
    }
  }

  private var isMACVLAN: Bool { kind == "macvlan" || kind == "macvtap" }

  /// A macvlan in source mode is given frames from the senders on its list.
  var hearsListedSendersOnly: Bool { isMACVLAN && mode == MACVLAN_MODE_SOURCE.rawValue }

  /// The links whose frames go to this one instead of to sockets on them.
  ///
  /// - Parameter parent: IFLA_LINK.
  func takesFrom(parent: Int32?) -> [Int32] {
    let parents = parent.map { [$0] } ?? []
    return switch kind {
    case "macvlan", "macvtap":
      mode == MACVLAN_MODE_PASSTHRU.rawValue
        || hearsListedSendersOnly && Int32(flags) & MACVLAN_FLAG_NODST != 0 ? parents : []
    // What a switch chip sends up carries a tag that makes it another protocol.
    case "dsa": parents
    case "hsr": slaves
    default: []
    }
  }
}
