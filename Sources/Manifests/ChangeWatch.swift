internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// Wakes its owner when something happens in any of a set of directories (`inotify(7)`). What happened is
/// for the owner to find out: a look at the files tells more than the events, of which some may be lost.
final class ChangeWatch: Sendable {
  private let descriptor: Descriptor
  /// By the kernel's number for the directory.
  private let watches = Mutex<Set<Int32>>([])

  /// IN_CREATE for symbolic links, which are complete at once; a file that is being written tells when it
  /// is closed.
  private static let mask = UInt32(
    IN_CREATE | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
      | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

  init() throws(SystemError) {
    descriptor = Descriptor(
      owning: try systemCall("inotify_init1") {
        inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
      })
  }

  /// To poll for POLLIN.
  var fileDescriptor: Int32 { descriptor.rawValue }

  /// Watches exactly these directories from now on; those that are not there are left out. True where one
  /// was not watched before: what happened in it until now went unseen.
  func watch(_ directories: Set<String>) -> Bool {
    var next: Set<Int32> = []
    for directory in directories {
      // The kernel gives one number for one directory, however often it is asked.
      let number = unsafe inotify_add_watch(descriptor.rawValue, directory, Self.mask)
      if number >= 0 { next.insert(number) }
    }
    return watches.withLock { watches in
      for number in watches.subtracting(next) { inotify_rm_watch(descriptor.rawValue, number) }
      defer { watches = next }
      return !next.isSubset(of: watches)
    }
  }

  /// Takes what has come, so that the descriptor is quiet again.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while unsafe Glibc.read(descriptor.rawValue, &buffer, buffer.count) > 0 {}
  }
}
