/// Whom a service is to the file system.
package struct ServiceIdentity: Hashable, Sendable {
  package var user: String
  /// Nil for a user that exists only while the service runs: it owns no file.
  package var userID: UInt32?
  package var group: String
  /// The group's, and those of all others it is in.
  package var groupIDs: Set<UInt32>

  package init(user: String, userID: UInt32?, group: String, groupIDs: Set<UInt32>) {
    self.user = user
    self.userID = userID
    self.group = group
    self.groupIDs = groupIDs
  }

  /// `user announcerd, group announcer`.
  package var title: String { "user \(user), group \(group)" }
}
