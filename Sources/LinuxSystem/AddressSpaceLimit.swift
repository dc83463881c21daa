internal import Glibc

/// How much memory this process may reserve (`setrlimit(2)`, RLIMIT_AS).
package enum AddressSpaceLimit {
  /// Threads reserve their stacks and allocators their arenas, used or not: with less than this, a daemon with few
  /// addresses has been seen to die.
  package static let enough: UInt64 = 1 << 30

  /// The limit in force, in octets; nil where there is none.
  package static var current: UInt64? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    let octets = UInt64(limit.rlim_cur)
    return octets == UInt64.max ? nil : octets
  }

  /// What people are to know before memory runs out: Swift ends a process that is refused memory with SIGILL, and no
  /// word can be said then. Nil for enough.
  package static func warning(_ octets: UInt64?) -> String? {
    guard let octets, octets < enough else { return nil }
    return
      "the address space is limited to \(octets >> 20) MiB (`ulimit -v`, LimitAS=), which counts what is only "
      + "reserved; where that is used up the kernel refuses memory and this process dies with SIGILL: give it "
      + "\(enough >> 20) MiB or more, or limit what it uses with MemoryMax="
  }
}
