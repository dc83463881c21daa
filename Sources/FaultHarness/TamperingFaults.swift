internal import FaultCheckers
internal import LinuxSystem
internal import Time

/// Somebody with access to the store who takes away or overwrites what is not his.
enum TamperingFaults {
  static let all = [leaseRevoked, claimDeleted, claimGarbage]

  /// Silent within so long of a change that the holder has to be told.
  private static let grace = Duration.milliseconds(50)
  private static let bounds = GapBounds(.milliseconds(200))

  static let leaseRevoked = Fault(
    name: "lease revoked by an operator", runs: 5, quickRuns: 2, bounds: bounds, grace: grace
  ) { run in
    let gateway = run.stage.store.gateway
    let keys = try await gateway.keys("\(StoreReading.prefix)/nodes/").kvs ?? []
    guard let key = keys.first(where: { StoreReading.node($0.name) == run.victim.name }) else {
      throw HarnessError("\(run.victim.name) has no session")
    }
    run.gapStart = .now
    try await gateway.revoke(key.leaseID)
    try await run.waitForNewClaims(since: run.start)
  }

  static let claimDeleted = Fault(
    name: "claim key deleted", runs: 5, bounds: bounds, grace: grace
  ) { run in
    try await run.stage.store.gateway.delete(StoreReading.claimKey(run.addresses[0]))
    try await run.waitForNewClaims([run.addresses[0]], since: run.start)
  }

  /// Garbage is nobody's claim and nobody's to delete: the address is silent until the operator
  /// has taken it away again, and served at once then.
  static let claimGarbage = Fault(
    name: "claim overwritten with garbage", runs: 3, bounds: bounds, grace: grace
  ) { run in
    let gateway = run.stage.store.gateway
    let address = run.addresses[0]
    try await gateway.put(StoreReading.claimKey(address), "\u{0}{]garbage")
    let written = Instant.now
    try await run.last(run.timing.lease)
    run.mustHaveBeenSilent(
      nil, about: address, from: written + grace, "the claim is nobody's")
    run.gapStart = .now
    try await gateway.delete(StoreReading.claimKey(address))
    try await run.waitForNewClaims([address], since: run.gapStart ?? .now)
  }
}
