internal import CLinux
internal import Glibc
package import LinuxSystem

/// A file in the lease directory that this process has locked (lease.md §6.1).
///
/// The lock belongs to the open file description (`fcntl(2)`, F_OFD_SETLK): unlike a process's POSIX
/// locks it does not vanish when somebody else in the process closes the same file, and like them it
/// ends with the process, however that ends.
package final class LockedFile {
  let path: String
  package let identity: FileIdentity
  /// What stood in the file when it was locked.
  package let inherited: LeaseRecord?
  private let descriptor: Descriptor
  private var length: Int

  private init(
    path: String, identity: FileIdentity, length: Int, inherited: LeaseRecord?,
    descriptor: consuming Descriptor
  ) {
    self.path = path
    self.identity = identity
    self.length = length
    self.inherited = inherited
    self.descriptor = descriptor
  }

  /// Locks the file at `path`, which is created if absent; nil when another has the lock.
  ///
  /// Fails where the file cannot be opened or is not a regular one (EINVAL).
  package static func lock(_ path: String) throws(SystemError) -> LockedFile? {
    // A look first, for reading only: closing a file opened for writing wakes every watcher, and two
    // candidates would wake each other for ever.
    if case .held = try FileProbe(path) { return nil }
    for _ in 0..<100 {
      let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
      let descriptor = Descriptor(
        owning: try systemCall("open", path) { unsafe open(path, flags, 0o640) })
      var status = stat()
      try systemCall("fstat", path) { unsafe fstat(descriptor.rawValue, &status) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw SystemError(call: "lock", subject: path, code: EINVAL)
      }
      do throws(SystemError) {
        try systemCall("fcntl", path) { clinux_ofd_lock(descriptor.rawValue, Int16(F_WRLCK)) }
      } catch {
        if error.code == EAGAIN || error.code == EACCES { return nil }
        throw error
      }
      // Between open and lock the file may have been deleted or replaced; then this is the lock of a
      // file that nobody else will ever look at.
      let identity = FileIdentity(status)
      guard FileIdentity.named(path) == identity else { continue }
      let inherited = LeaseRecord(FileProbe.contents(of: descriptor.rawValue))
      return LockedFile(
        path: path, identity: identity, length: Int(status.st_size), inherited: inherited,
        descriptor: descriptor)
    }
    // Somebody replaces the file faster than we can lock it.
    throw SystemError(call: "lock", subject: path, code: EBUSY)
  }

  /// Whether the path still names this file.
  package var isInPlace: Bool { FileIdentity.named(path) == identity }

  /// Whether an owner of this very file has been here before, so that no deleted predecessor can
  /// still have one.
  package var isTrusted: Bool { inherited?.inode == identity.inode }

  func contents() -> [UInt8] { FileProbe.contents(of: descriptor.rawValue) }

  /// Replaces the content. Watchers see the file change.
  ///
  /// - Parameters:
  ///   - truncating: also where we left nothing longer behind; somebody else may have.
  package func write(_ bytes: [UInt8], truncating: Bool = false) throws(SystemError) {
    let previous = length
    length = max(length, bytes.count)
    let written = try systemCall("write", path) {
      unsafe pwrite(descriptor.rawValue, bytes, bytes.count, 0)
    }
    guard written == bytes.count else {
      throw SystemError(call: "write", subject: path, code: ENOSPC)
    }
    if truncating || previous > bytes.count {
      try systemCall("ftruncate", path) { ftruncate(descriptor.rawValue, off_t(bytes.count)) }
    }
    length = bytes.count
  }

  /// Gives the lock back before the file is closed: closing tells the watchers, and by then it must
  /// be free (the kernel tells them *before* it drops the lock of a file that is being closed).
  package func unlock() {
    _ = clinux_ofd_lock(descriptor.rawValue, Int16(F_UNLCK))
  }
}
