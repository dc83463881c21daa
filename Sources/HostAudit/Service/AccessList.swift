/// What an access list grants, beside or instead of a file's mode. Pure.
///
/// Source: acl(5), "Access check algorithm"; `linux/posix_acl_xattr.h`.
package struct AccessList: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    case owner
    case user(UInt32)
    case owningGroup
    case group(UInt32)
    case mask
    case other
  }

  private let entries: [Subject: UInt32]

  package init(_ entries: [Subject: UInt32]) {
    self.entries = entries
  }

  /// As the kernel gives it in `system.posix_acl_access`; nil for what is not understood.
  package init?(octets: [UInt8]) {
    guard octets.count >= 4, octets.count % 8 == 4, octets.prefix(4).elementsEqual([2, 0, 0, 0])
    else { return nil }
    var entries: [Subject: UInt32] = [:]
    for start in stride(from: 4, to: octets.count, by: 8) {
      func number(_ offset: Int, _ count: Int) -> UInt32 {
        (0..<count).reduce(0) { $0 | UInt32(octets[start + offset + $1]) << (8 * UInt32($1)) }
      }
      let id = number(4, 4)
      let subject: Subject
      switch number(0, 2) {
      case 0x01: subject = .owner
      case 0x02: subject = .user(id)
      case 0x04: subject = .owningGroup
      case 0x08: subject = .group(id)
      case 0x10: subject = .mask
      case 0x20: subject = .other
      default: return nil
      }
      entries[subject] = number(2, 2)
    }
    self.entries = entries
  }

  /// Whether `identity` is granted all of `bits` of a file that belongs to `owner` and `group`.
  package func grants(
    _ bits: UInt32, to identity: ServiceIdentity, owner: UInt32, group: UInt32
  ) -> Bool {
    func has(_ permissions: UInt32) -> Bool { permissions & bits == bits }
    let mask = entries[.mask] ?? 7
    if let user = identity.userID {
      if user == owner { return has(entries[.owner] ?? 0) }
      if let named = entries[.user(user)] { return has(named & mask) }
    }
    var matching = identity.groupIDs.compactMap { entries[.group($0)] }
    if identity.groupIDs.contains(group) { matching.append(entries[.owningGroup] ?? 0) }
    if !matching.isEmpty { return matching.contains { has($0 & mask) } }
    return has(entries[.other] ?? 0)
  }
}
