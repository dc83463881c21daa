internal import CLinux

/// The capability CAP_NET_RAW, which packet sockets need, as the calling thread has it (`capabilities(7)`).
package struct NetRawCapability: Hashable, Sendable {
  /// It counts now.
  package var isEffective: Bool
  /// The thread may make it effective.
  package var isPermitted: Bool
  /// A program that is executed could get it: what a container or a service manager grants.
  package var isInBoundingSet: Bool

  package init(isEffective: Bool, isPermitted: Bool, isInBoundingSet: Bool) {
    self.isEffective = isEffective
    self.isPermitted = isPermitted
    self.isInBoundingSet = isInBoundingSet
  }

  /// As it is now. Without an answer of the kernel, nothing is there.
  package static var current: NetRawCapability {
    let bits = max(0, clinux_net_raw())
    return NetRawCapability(
      isEffective: bits & 1 != 0, isPermitted: bits & 2 != 0, isInBoundingSet: bits & 4 != 0)
  }

  /// Makes it effective where it is permitted.
  ///
  /// The program's file in a container image has the capability as permitted, not as effective: so it can be
  /// executed without the capability as well, for `version` and `check`. The capability belongs to a thread, and
  /// threads inherit it, so this has to be called before any other thread is started.
  package static func raise() {
    let capability = current
    guard capability.isPermitted, !capability.isEffective else { return }
    // Where this fails, opening a packet socket says so.
    _ = clinux_raise_net_raw()
  }

  /// What lets the program have it, in words for people: a clause.
  ///
  /// - Parameter userID: whose process this is.
  package func remedy(userID: UInt32) -> String {
    if isInBoundingSet, !isPermitted, userID != 0 {
      return
        "the process could have it, but user \(userID) does not get it: run as root, or through "
        + "announcer.service, which grants it; in a container, the runtime gives it to uid 0 only, or has not "
        + "unpacked the file's capability, so run the container as uid 0 (chart: runAsRoot: true)"
    }
    if !isInBoundingSet {
      return "nothing here can get it: in a container, add it "
        + "(securityContext.capabilities.add: [NET_RAW]); in a service, to CapabilityBoundingSet"
    }
    return "run as root, or through announcer.service, which grants it"
  }
}
