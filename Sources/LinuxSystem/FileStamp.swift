internal import CLinux
internal import Glibc

/// What tells one content of a path from another without reading it: which file it is, how long, and
/// when it was last written or otherwise changed (`inode(7)`).
package struct FileStamp: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  /// When the file was last changed in any way, in nanoseconds since 1970.
  package let changed: Int64
  /// When its content was last written, in nanoseconds since 1970.
  package let written: Int64
  package let isDirectory: Bool

  /// What `path` leads to now, through symbolic links; nil for nothing.
  package init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// A symbolic link itself, wherever it leads; nil where there is none.
  package init?(link path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    written = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
  }
}
