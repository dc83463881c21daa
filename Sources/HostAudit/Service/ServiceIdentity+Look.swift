internal import CLinux
internal import Glibc

extension ServiceIdentity {
  /// Looks user and groups up in the system's databases.
  ///
  /// Nil for root, of whom modes say nothing, and where a name is not known here.
  package init?(_ unit: ServiceUnit) {
    guard let user = unit.user else { return nil }
    var groups: Set<UInt32> = []
    let entry = unit.isDynamic ? nil : Self.user(user)
    if !unit.isDynamic {
      guard let entry else { return nil }
      groups = Self.groups(of: entry.name, with: entry.group)
    }
    let group = unit.group ?? entry.flatMap { Self.name(ofGroup: $0.group) } ?? user
    if let id = Self.group(group) {
      groups.insert(id)
    } else if unit.group != nil {
      return nil
    }
    groups.formUnion(unit.supplementaryGroups.compactMap(Self.group))
    self.init(user: user, userID: entry?.id, group: group, groupIDs: groups)
  }

  /// A name, or a number.
  private static func user(_ text: String) -> (name: String, id: UInt32, group: UInt32)? {
    let entry = unsafe UInt32(text).map { unsafe getpwuid($0) } ?? getpwnam(text)
    guard let entry = unsafe entry else { return nil }
    return unsafe (
      String(cString: entry.pointee.pw_name), entry.pointee.pw_uid, entry.pointee.pw_gid
    )
  }

  private static func group(_ text: String) -> UInt32? {
    if let id = UInt32(text) { return id }
    guard let entry = unsafe getgrnam(text) else { return nil }
    return unsafe entry.pointee.gr_gid
  }

  private static func name(ofGroup id: UInt32) -> String? {
    guard let entry = unsafe getgrgid(id), let name = unsafe entry.pointee.gr_name else {
      return nil
    }
    return unsafe String(cString: name)
  }

  private static func groups(of user: String, with group: UInt32) -> Set<UInt32> {
    var count: Int32 = 256
    var groups = [gid_t](repeating: group, count: Int(count))
    _ = unsafe getgrouplist(user, group, &groups, &count)
    return Set(groups.prefix(Int(max(1, min(count, 256)))))
  }
}
