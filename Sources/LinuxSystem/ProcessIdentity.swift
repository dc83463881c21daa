internal import CLinux
internal import Glibc

/// Whom this process is to the file system, in words for people.
package struct ProcessIdentity: Hashable, Sendable {
  package var userID: UInt32
  package var user: String
  package var group: String

  package init(userID: UInt32, user: String, group: String) {
    self.userID = userID
    self.user = user
    self.group = group
  }

  /// As it is now; numbers where there are no names.
  package static var own: ProcessIdentity {
    let (user, group) = (geteuid(), getegid())
    let userName = unsafe getpwuid(user).flatMap { unsafe $0.pointee.pw_name }
    let groupName = unsafe getgrgid(group).flatMap { unsafe $0.pointee.gr_name }
    return ProcessIdentity(
      userID: user, user: unsafe userName.map { unsafe String(cString: $0) } ?? "\(user)",
      group: unsafe groupName.map { unsafe String(cString: $0) } ?? "\(group)")
  }

  /// Whether it is a service's user and no person's: a system account, or one that systemd made for a run of the
  /// service (systemd's "Users, Groups, UIDs and GIDs", 61184 to 65519).
  private var isService: Bool {
    userID != 0 && (userID < 1000 || (61_184...65_519).contains(userID))
  }

  /// What lets it read a file that it may not read, for a message; one clause.
  package func remedy(toRead file: String) -> String {
    guard isService else {
      return "user \(user), group \(group), may not read it: run with sudo"
    }
    let file = shellWord(file)
    return "user \(user), group \(group), may not read it: "
      + "chgrp \(shellWord(group)) \(file) && chmod 640 \(file)"
  }
}

/// A word as a shell takes it.
package func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy {
    (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
      || "/._-+:@%,=".utf8.contains($0)
  }
  return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
}
