/// A directory on the way to a file, or the file itself, as the file system has it.
package struct PathStep: Hashable, Sendable {
  package var path: String
  /// The nine permission bits.
  package var mode: UInt32
  package var owner: UInt32
  package var group: UInt32
  package var isDirectory: Bool
  package var accessList: Listed

  /// Whether an access list says more than the mode (acl(5)).
  package enum Listed: Hashable, Sendable {
    case none
    case list(AccessList)
    /// There is one that is not understood.
    case unreadable
  }

  package init(
    path: String, mode: UInt32, owner: UInt32, group: UInt32, isDirectory: Bool = false,
    accessList: Listed = .none
  ) {
    self.path = path
    self.mode = mode
    self.owner = owner
    self.group = group
    self.isDirectory = isDirectory
    self.accessList = accessList
  }
}
