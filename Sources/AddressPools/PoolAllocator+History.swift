internal import Cluster

/// What to do when the server is no longer the one that it was (pools.md §1.5).
extension PoolAllocator {
  /// Forgets all versions: the server's store was put back from a backup, so that what comes next is newer
  /// though its version is older, and nobody else's doing though it differs from what was written here.
  ///
  /// Nothing is to be planned until all pools and all Services have been replaced: pools of one history and
  /// Services of another would take addresses away.
  package mutating func forgetVersions() {
    poolVersions = VersionMemory()
    serviceVersions = VersionMemory()
    for name in pools.keys { pools[name]?.version = "" }
    for name in entries.keys {
      entries[name]?.service.allocation.version = ""
      entries[name]?.foreign = nil
    }
    leftAlone = [:]
  }
}
