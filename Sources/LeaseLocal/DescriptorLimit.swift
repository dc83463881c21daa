internal import CLinux
internal import Glibc

/// How many files this process may have open (`getrlimit(2)`, RLIMIT_NOFILE): each held address keeps
/// one open.
enum DescriptorLimit {
  /// Raises the soft limit to the hard one, as far as the process may; the limit now in force.
  @discardableResult
  static func raise() -> UInt64 {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 0
    }
    if limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = limit.rlim_max
      _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return UInt64(limit.rlim_cur)
  }

  /// Whether claims may take one more descriptor. The last ones are for the rest of the program,
  /// above all for those who ask it what is the matter: 64, or a quarter where there are few.
  static var hasRoom: Bool {
    // The kernel gives the lowest number that is free (POSIX), so the number tells how many are not.
    let number = eventfd(0, Int32(EFD_CLOEXEC))
    guard number >= 0 else { return false }
    close(number)
    let limit = raise()
    return UInt64(number) < limit - min(64, limit / 4)
  }
}
