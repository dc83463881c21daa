internal import FaultCheckers
internal import LinuxSystem
internal import Time

/// Members of the store that die, freeze, or are full.
enum StoreFaults {
  static let all = [
    leaderKilled, leaderFrozen, allRestarted, majorityGone, compaction, noSpace, tokenExpiry,
  ]

  private static let standard = Layout(timing: .standard)

  static let leaderKilled = Fault(
    name: "etcd leader killed", layout: standard, runs: 4, quickRuns: 1,
    bounds: GapBounds(.milliseconds(200)), keepsOwner: true
  ) { run in
    let store = run.stage.store
    let leader = try await store.leader()
    await store.members[leader].kill()
    try await run.last(run.timing.lease + .seconds(1))
    try store.members[leader].start()
    try await store.waitUntilServing()
  }

  static let leaderFrozen = Fault(
    name: "etcd leader frozen for 2 T", layout: standard, runs: 3,
    bounds: GapBounds(Timing.standard.crashBound)
  ) { run in
    let store = run.stage.store
    let leader = try await store.leader()
    store.members[leader].freeze()
    try await run.last(run.timing.lease * 2)
    store.members[leader].thaw()
    try await store.waitUntilServing()
    run.note(
      run.observer.lastSpeaker(of: run.addresses[0], among: Set(run.stage.stations.keys))
        == run.victim.mac ? "the owner stayed" : "the owner changed")
  }

  static let allRestarted = Fault(
    name: "all etcd members restarted", layout: standard, runs: 3, bounds: GapBounds(.seconds(3))
  ) { run in
    let store = run.stage.store
    for member in store.members { await member.kill() }
    for member in store.members { try member.start() }
    run.gapStart = try await store.waitUntilAnyServes()
    try await store.waitUntilServing()
    try await run.waitForAnswers(
      from: run.stage.nodes, since: run.gapStart ?? .now, within: .seconds(15))
  }

  static let majorityGone = Fault(
    name: "two of three etcd members gone", runs: 3, bounds: GapBounds(.seconds(3))
  ) { run in
    let store = run.stage.store
    let gone = store.members.indices.map { ($0 + run.index) % 3 }.prefix(2)
    for index in gone { await store.members[index].kill() }
    let killed = Instant.now
    try await run.last(run.timing.lease * 2)
    run.mustHaveBeenSilent(nil, from: killed + run.timing.deadline, "the store has no majority")
    for index in gone { try store.members[index].start() }
    run.gapStart = try await store.waitUntilAnyServes()
    try await store.waitUntilServing()
    try await run.waitForAnswers(
      from: run.stage.nodes, since: run.gapStart ?? .now, within: .seconds(15))
  }

  /// A standby's watch breaks, and what it would go on with is forgotten when it comes back.
  static let compaction = Fault(
    name: "compaction during a watch", runs: 3, bounds: GapBounds(.milliseconds(200))
  ) { run in
    let gateway = run.stage.store.gateway
    for node in run.others { try await node.host.plant(.reset(link: Node.storeLink)) }
    // The harness writes all the time; half a session later there is something to forget.
    try await run.last(run.timing.lease / 2)
    let revision = try await gateway.put("/b/compaction", "\(run.index)")
    try await gateway.compact(to: revision)
    for node in run.others { try await node.host.clear() }
    try await run.last(run.timing.lease)
    try await run.victim.tell("drain")
    try await run.waitForTakeover(since: run.start)
    try await run.victim.tell("undrain")
  }

  /// Renewals need no space: who has an address keeps it, and nobody panics.
  static let noSpace = Fault(
    name: "NOSPACE", layout: Layout().with { $0.quota = 8 << 20 }, runs: 1,
    bounds: GapBounds(.milliseconds(200)), keepsOwner: true
  ) { run in
    let store = run.stage.store
    let ballast = String(repeating: "x", count: 1 << 20)
    var isFull = false
    for index in 0..<30 where !isFull {
      do { try await store.gateway.put("/z/\(index)", ballast) } catch {
        guard "\(error)".contains("space") else { throw error }
        isFull = true
      }
    }
    if !isFull { run.complain("the store does not fill up") }
    try await run.last(run.timing.lease * 3)
    for index in 0..<30 { try await store.gateway.delete("/z/\(index)") }
    try await store.makeRoom()
    // And the claims can be moved again.
    try await run.last(.seconds(1))
  }

  /// The tokens that the daemons have are forgotten while nobody can use them; they get others, and
  /// nobody loses anything.
  static let tokenExpiry = Fault(
    name: "auth token expires", layout: standard.with { $0.authTokenSeconds = 1 }, runs: 2,
    bounds: GapBounds(.milliseconds(200))
  ) { run in
    for node in run.stage.nodes { try await node.host.plant(.drop(.both, link: Node.storeLink)) }
    // Longer than an unused token lasts, and shorter than a holder goes on without a renewal.
    try await run.last(.milliseconds(1500))
    for node in run.stage.nodes { try await node.host.clear() }
    try await run.last(run.timing.lease * 2)
    let expired = Instant.now
    try await run.victim.tell("drain")
    try await run.waitForTakeover(since: expired)
    try await run.victim.tell("undrain")
  }
}
