internal import FaultCheckers
internal import LinuxSystem
internal import Time

/// `lease.whenStoreIsLost: hold` (lease.md §2.10): who holds an address goes on without the store, as
/// long as nobody else is heard asserting it. Exclusion in a split LAN is given up for that.
enum HoldFaults {
  private static let layout = Layout().with { $0.holds = true }

  static let all = [storeAway, splitLAN]

  static let storeAway = Fault(
    name: "hold: store away for every node", layout: layout, runs: 3,
    bounds: GapBounds(.milliseconds(200)), isExempt: true
  ) { run in
    for node in run.stage.nodes {
      try await node.host.plant(.drop(.both, link: Node.storeLink))
    }
    try await run.last(run.timing.lease * 3)
    for node in run.stage.nodes { try await node.host.clear() }
    try await run.last(run.timing.lease)
  }

  static let splitLAN = Fault(
    name: "hold: split LAN", layout: layout, runs: 3, bounds: GapBounds(Timing.fast.crashBound),
    isExempt: true
  ) { run in
    try await run.stage.split(awayFrom: run.victim)
    try await run.victim.host.plant(.drop(.both, link: Node.storeLink))
    try await run.waitForTakeover(since: Instant.now + run.timing.deadline)
    // Both sides are served.
    let both = Instant.now
    let address = [run.addresses[0]]
    try await run.waitForAnswers(address, from: [run.victim], since: both, within: .seconds(1))
    try await run.waitForAnswers(address, from: run.others, since: both, within: .seconds(1))
    try await run.stage.join()
    let joined = Instant.now
    try await run.last(.seconds(3))
    run.mustHaveBeenSilent(run.victim, from: joined + .seconds(1), "another was heard")
    try await run.victim.host.clear()
  }
}
