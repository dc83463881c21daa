internal import CLinux
internal import Glibc
package import LinuxSystem

/// What a file in the lease directory looks like to somebody who does not own it (lease.md §6.2).
package enum FileProbe {
  case absent
  case free(LeaseRecord?)
  case held(LeaseRecord?)

  /// Looks without disturbing anybody: a file opened for reading wakes no watcher when it is closed.
  package init(_ path: String) throws(SystemError) {
    let number: Int32
    do throws(SystemError) {
      number = try systemCall("open", path) {
        unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      }
    } catch {
      guard error.code == ENOENT else { throw error }
      self = .absent
      return
    }
    let descriptor = Descriptor(owning: number)
    // The content first: whoever locks the file in between writes after that, which is news again. The other way
    // round, what a new owner has written would be told as what an owner left behind who is gone.
    let record = LeaseRecord(Self.contents(of: descriptor.rawValue))
    let isLocked = try systemCall("fcntl", path) { clinux_ofd_is_locked(descriptor.rawValue) }
    self = isLocked == 1 ? .held(record) : .free(record)
  }

  /// The first 4 KiB, which a record never fills; empty where the file cannot be read.
  static func contents(of descriptor: Int32) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = unsafe max(pread(descriptor, buffer.baseAddress, buffer.count, 0), 0)
    }
  }
}
