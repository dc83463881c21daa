internal import FaultCheckers
internal import LinuxSystem
internal import Time

/// Somebody with rights on Leases who takes away or overwrites what is not his. The holder is silent as
/// soon as it is told, and may have its address again at once; nobody else may before T has passed,
/// since the holder may not have been told.
enum LeaseTamperingFaults {
  static let all = [
    claim("deleted", quickRuns: 1) { try await $0.delete($1) },
    claim("emptied", quickRuns: 1) { try await $0.patch($1, #"{"spec":{"holderIdentity":""}}"#) },
    claim("nulled") { try await $0.patch($1, #"{"spec":{"holderIdentity":null}}"#) },
    claim("overwritten", bounds: taken) {
      // A name of its own each time: the daemons know the last one to have ended.
      let name = "somebody/\(UInt32.random(in: 0 ... .max))"
      try await $0.patch($1, #"{"spec":{"holderIdentity":"\#(name)"}}"#)
    },
    session("deleted") { try await $0.delete($1) },
    session("emptied") { try await $0.patch($1, #"{"spec":{"holderIdentity":""}}"#) },
  ]

  /// Silent within so long of a change that the holder has to be told.
  private static let grace = Duration.milliseconds(50)
  /// Who has its share of the addresses leaves this one to others first, for as long as the last rank
  /// waits, though nobody else may have it.
  private static let bounds = GapBounds(.milliseconds(300))
  private static let taken = GapBounds(Timing.kubernetes.crashBound)

  private typealias Change = @Sendable (APIServers, String) async throws -> Void

  private static func claim(
    _ what: String, quickRuns: Int? = nil, bounds: GapBounds = bounds, _ change: @escaping Change
  ) -> Fault {
    Fault(
      name: "k8s: claim Lease \(what)", layout: .kubernetes, runs: 3, quickRuns: quickRuns,
      bounds: bounds, grace: grace
    ) { run in
      let address = run.addresses[0]
      try await change(run.apiServers, LeaseReading.claimName(address))
      try await run.waitForNewClaims([address], since: run.start)
    }
  }

  /// Its holder has no session any more, and begins another.
  private static func session(_ what: String, _ change: @escaping Change) -> Fault {
    Fault(
      name: "k8s: node Lease \(what)", layout: .kubernetes, runs: 3, bounds: taken, grace: grace
    ) { run in
      try await change(run.apiServers, LeaseReading.sessionName(run.victim.name))
      try await run.waitForNewClaims(since: run.start)
    }
  }
}
