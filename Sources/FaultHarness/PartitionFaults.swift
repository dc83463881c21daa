internal import FaultCheckers
internal import LinuxSystem
internal import Time

/// A holder that cannot reach the store, while the LAN is whole: it is silent before its lease can
/// expire, and another has the address soon after.
enum PartitionFaults {
  private static let link = Node.storeLink

  /// Every way to cut the holder off.
  static let cuts = [
    cut("holder cut off from store", .drop(.both, link: link), quickRuns: 1),
    cut("holder's requests dropped", .drop(.outgoing, link: link)),
    cut("store's answers dropped", .drop(.incoming, link: link)),
    cut("holder's connections reset", .reset(link: link)),
  ]

  static let all =
    cuts + [
      cut("holder cut off from store", .drop(.both, link: link), timing: .standard),
      lossy, wave("partition 0.9 T on and off", 9), wave("partition 1.1 T on and off", 11),
      storeAway,
    ]

  private static func cut(
    _ name: String, _ obstacle: Obstacle, timing: Timing = .fast, quickRuns: Int? = nil
  ) -> Fault {
    Fault(
      name: name, layout: Layout(timing: timing), runs: 3, quickRuns: quickRuns,
      bounds: GapBounds(timing.crashBound)
    ) { run in
      try await run.victim.host.plant(obstacle)
      let planted = Instant.now
      try await run.waitForTakeover(since: planted + run.timing.deadline)
      try await run.last(.milliseconds(500))
      run.mustHaveBeenSilent(
        run.victim, from: planted + run.timing.deadline, "its lease may have expired")
      try await run.victim.host.clear()
    }
  }

  /// TCP repeats what is lost: renewals are late, some too late.
  static let lossy = Fault(
    name: "30 % loss to the store", runs: 3, bounds: GapBounds(Timing.fast.crashBound)
  ) { run in
    try await run.victim.host.plant(.lose(percent: 30, link: link))
    try await run.last(run.timing.lease * 5)
    try await run.victim.host.clear()
  }

  /// Just before and just after the lease ends, again and again.
  private static func wave(_ name: String, _ tenths: Int) -> Fault {
    Fault(name: name, runs: 2, bounds: GapBounds(Timing.fast.crashBound)) { run in
      for _ in 0..<4 {
        try await run.victim.host.plant(.drop(.both, link: link))
        try await run.last(run.timing.lease * tenths / 10)
        try await run.victim.host.clear()
        try await run.last(run.timing.lease * tenths / 10)
      }
    }
  }

  static let storeAway = Fault(
    name: "store away for every node", runs: 3, quickRuns: 1, bounds: GapBounds(.seconds(3))
  ) { run in
    for node in run.stage.nodes { try await node.host.plant(.drop(.both, link: link)) }
    let planted = Instant.now
    try await run.last(run.timing.lease * 2)
    run.mustHaveBeenSilent(nil, from: planted + run.timing.deadline, "the store is away")
    run.gapStart = .now
    for node in run.stage.nodes { try await node.host.clear() }
    let back = Instant.now
    try await run.waitForAnswers(from: run.stage.nodes, since: back, within: .seconds(15))
  }
}
