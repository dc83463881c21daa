package import Cluster

extension PoolAllocator {
  /// Takes over a pool that is new or has changed. One that is older than what is known is ignored.
  package mutating func update(_ pool: LoadBalancerIPPool) {
    let known = pools[pool.name]?.version
    guard poolVersions.accepts(pool.version, of: pool.name, known: known) else { return }
    if take(pool) { rebuild() }
  }

  /// Lets go of a pool that is gone.
  ///
  /// - Parameter version: the one it went at, where it is known; nil: it is gone for certain.
  package mutating func removePool(_ name: String, version: String?) {
    guard let known = pools[name]?.version else {
      if let version { poolVersions.remove(name, at: version) }
      return
    }
    guard poolVersions.isGone(at: version, known: known) else { return }
    poolVersions.remove(name, at: version ?? known)
    pools[name] = nil
    rebuild()
  }

  /// Makes the pools exactly these, but for what is newer than the list.
  package mutating func replacePools(_ list: [LoadBalancerIPPool], listVersion: String) {
    let names = Set(list.map(\.name))
    var hasChanged = false
    for (name, pool) in pools where !names.contains(name) {
      guard poolVersions.isGone(at: listVersion, known: pool.version) else { continue }
      pools[name] = nil
      hasChanged = true
    }
    for pool in list {
      let known = pools[pool.name]?.version
      if poolVersions.accepts(
        pool.version, of: pool.name, known: known, fromListAt: listVersion)
      {
        hasChanged = take(pool) || hasChanged
      }
    }
    poolVersions.list(at: listVersion)
    if hasChanged { rebuild() }
  }

  /// - Returns: whether anything but its status has changed.
  private mutating func take(_ pool: LoadBalancerIPPool) -> Bool {
    poolVersions.add(pool.name)
    var before = pools.updateValue(pool, forKey: pool.name)
    var now = pool
    before?.forgetStatus()
    now.forgetStatus()
    return before != now
  }

  /// The conditions that are not as they should be, by pool.
  func poolWritings() -> [PoolWriting] {
    table.states.compactMap { state in
      guard let pool = pools[state.name] else { return nil }
      let conditions = PoolConditions.list(state, of: pool)
      guard conditions != pool.conditions else { return nil }
      return PoolWriting(pool: pool.name, version: pool.version, conditions: conditions)
    }
  }
}
