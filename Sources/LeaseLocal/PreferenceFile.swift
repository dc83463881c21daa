internal import CLinux
internal import Glibc
package import LinuxSystem

/// The file of one preference, which appears and disappears as a whole: nobody ever reads half a
/// record, and no two writers can believe that theirs is the one.
package struct PreferenceFile {
  package enum Content: Equatable {
    case absent
    /// Nil where it is no record of ours.
    case present(PreferenceRecord?)
  }

  let path: String
  /// In the same directory, used by one thread only.
  let temporary: String

  package init(path: String, temporary: String) {
    self.path = path
    self.temporary = temporary
  }

  /// Opened for reading: that wakes no watcher when it is closed. Fails where it is no regular file
  /// (EINVAL).
  package func read() throws(SystemError) -> Content {
    do throws(SystemError) {
      let descriptor = Descriptor(
        owning: try systemCall("open", path) {
          unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        })
      var status = stat()
      try systemCall("fstat", path) { unsafe fstat(descriptor.rawValue, &status) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw SystemError(call: "read", subject: path, code: EINVAL)
      }
      return .present(PreferenceRecord(FileProbe.contents(of: descriptor.rawValue)))
    } catch {
      guard error.code == ENOENT else { throw error }
      return .absent
    }
  }

  /// Puts a record there.
  ///
  /// - Parameters:
  ///   - replacing: over what is there; else only where there is nothing.
  /// - Returns: false where there was something.
  package func write(_ record: PreferenceRecord, replacing: Bool) throws(SystemError) -> Bool {
    defer { unsafe unlink(temporary) }
    try fill(record.bytes)
    do throws(SystemError) {
      try move(temporary, to: path, replacing: replacing)
      return true
    } catch {
      guard error.code == EEXIST else { throw error }
      return false
    }
  }

  private func fill(_ bytes: [UInt8]) throws(SystemError) {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let descriptor = Descriptor(
      owning: try systemCall("open", path) { unsafe open(temporary, flags, 0o640) })
    let written = try systemCall("write", path) {
      unsafe Glibc.write(descriptor.rawValue, bytes, bytes.count)
    }
    guard written == bytes.count else {
      throw SystemError(call: "write", subject: path, code: ENOSPC)
    }
  }

  /// Takes `content` away, and nothing else: what somebody put there meanwhile is put back.
  package func remove(_ content: Content) throws(SystemError) {
    do throws(SystemError) {
      try move(path, to: temporary, replacing: true)
    } catch {
      if error.code == ENOENT { return }
      throw error
    }
    let moved = PreferenceFile(path: temporary, temporary: path)
    if try moved.read() != content {
      // Where yet another has come into its place, the youngest stays.
      try? move(temporary, to: path, replacing: false)
    }
    unsafe unlink(temporary)
  }

  /// Takes away whatever is there.
  func removeAll() {
    unsafe unlink(path)
  }

  /// RENAME_NOREPLACE makes "only where there is nothing" one act.
  private func move(_ old: String, to new: String, replacing: Bool) throws(SystemError) {
    try systemCall("rename", path) {
      replacing ? unsafe rename(old, new) : unsafe clinux_rename_noreplace(old, new)
    }
  }
}
