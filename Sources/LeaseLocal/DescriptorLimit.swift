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
}
