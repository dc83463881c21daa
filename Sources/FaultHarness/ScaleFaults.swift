internal import FaultCheckers
internal import Glibc
internal import LinuxSystem
internal import Time
internal import Wire

/// Many addresses, many nodes, and time itself.
enum ScaleFaults {
  static let all = [manyAddresses, idleRequests, manyCandidates, clockStepped]

  static let manyAddresses = Fault(
    name: "500 addresses on a dying node", layout: Layout().with(addresses: 500), runs: 2,
    bounds: GapBounds(Timing.fast.lease + .seconds(1)), settling: .seconds(15)
  ) { run in
    try await run.victim.end(SIGKILL)
    try await run.waitForTakeover(since: run.start)
    try await run.restartVictim()
    // All in one hand again, for the next time: the others hand theirs over.
    for node in run.others { try await node.tell("drain") }
    try await run.waitForAnswers(from: [run.victim], since: .now, within: .seconds(15))
    for node in run.others { try await node.tell("undrain") }
  }

  /// Renewals are one request however many addresses there are (lease.md §1.6).
  static let idleRequests = Fault(
    name: "idle requests, 1 and 500 addresses", layout: Layout().with(addresses: 500), runs: 1,
    bounds: GapBounds(.seconds(2)), settling: .seconds(15)
  ) { run in
    run.stage.meter.pause(true)
    let many = try await run.stage.requestsPerSecond(for: .seconds(10))
    let one = run.stage.layout.with { $0.addresses = [run.addresses[0]] }
    try await run.stage.reconfigure(one)
    try await run.last(.seconds(2))
    let few = try await run.stage.requestsPerSecond(for: .seconds(10))
    run.note("\(few) requests a second when idle with 1 address, \(many) with 500")
    // Renewals are on timers: one more or less in ten seconds for each node is noise.
    if abs(many - few) > 0.1 * Double(run.stage.nodes.count) + 0.05 * few {
      run.complain("idle requests a second: \(few) with 1 address, \(many) with 500")
    }
    try await run.stage.reconfigure(run.stage.layout)
    run.gapStart = .now
    run.stage.meter.pause(false)
    try await run.waitForAnswers(from: run.stage.nodes, since: .now, within: .seconds(15))
  }

  static let manyCandidates = Fault(
    name: "50 candidates at once",
    layout: Layout().with {
      $0.nodes = 50
      // Every question reaches every node: at 2 ms the bridge alone would take a core.
      $0.probeInterval = .milliseconds(10)
    }, runs: 2,
    bounds: GapBounds(Timing.fast.crashBound), settling: .seconds(30)
  ) { run in
    try await run.victim.end(SIGKILL)
    try await run.waitForTakeover(since: run.start)
    try await run.restartVictim()
  }

  /// Nothing is decided on the time of day.
  static let clockStepped = Fault(
    name: "wall clock stepped by ± 1 h", runs: 1, bounds: GapBounds(.milliseconds(300)),
    keepsOwner: true, needsPermission: "it sets this machine's clock; --step-clock allows it"
  ) { run in
    for hours in [1, -1, -1, 1] {
      try await run.stepClock(hours: hours)
      try await run.last(run.timing.lease * 2)
    }
  }
}
