internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Which file it is, whatever its name: device and inode number (`inode(7)`).
package struct FileIdentity: Hashable {
  package let device: UInt64
  package let inode: UInt64

  /// The file that `path` names now; nil for none.
  static func named(_ path: String, followingLinks: Bool = false) -> FileIdentity? {
    var status = stat()
    let result =
      if followingLinks { unsafe stat(path, &status) } else { unsafe lstat(path, &status) }
    return result == 0 ? FileIdentity(status) : nil
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
