internal import FaultCheckers
internal import Glibc
internal import LinuxSystem
internal import Time

/// Hand-overs that somebody asked for: nothing is lost but what is asked in a few milliseconds.
enum PlannedFaults {
  private static let bounds = GapBounds(.milliseconds(50), median: .milliseconds(25))

  static let all = [sigterm, drain, handover, handoverTo, rollingRestart]

  static let sigterm = Fault(name: "sigterm", runs: 30, quickRuns: 6, bounds: bounds) { run in
    try await run.victim.end(SIGTERM)
    try await run.waitForTakeover(since: run.start)
    try await run.restartVictim()
  }

  static let drain = Fault(name: "drain", runs: 30, quickRuns: 6, bounds: bounds) { run in
    try await run.victim.tell("drain")
    try await run.waitForTakeover(since: run.start)
    try await run.victim.tell("undrain")
  }

  static let handover = Fault(name: "handover", runs: 30, quickRuns: 6, bounds: bounds) { run in
    let address = run.addresses[0]
    try await run.victim.tell("handover", "\(address)")
    try await run.waitForAnswers([address], from: run.others, since: run.start, within: .seconds(5))
  }

  static let handoverTo = Fault(name: "handover --to", runs: 30, bounds: bounds) { run in
    let address = run.addresses[0]
    // In turn, so that it is not always the one that would have been next.
    let others = run.others
    let successor = others[run.index % others.count]
    try await run.victim.tell("handover", "\(address)", "--to", successor.name)
    try await run.waitForAnswers(
      [address], from: [successor], since: run.start, within: .seconds(5))
    let third = others.filter { $0.name != successor.name }
    for node in third where run.observer.lastHeard(address, from: node.mac) ?? run.start > run.start
    {
      run.complain("\(node.name) answered on the way from \(run.victim.name) to \(successor.name)")
    }
  }

  static let rollingRestart = Fault(
    name: "rolling restart of all nodes", runs: 20, bounds: GapBounds(.milliseconds(50))
  ) { run in
    for node in run.stage.nodes {
      try await node.end(SIGTERM)
      try node.start()
      try await node.waitUntilReady()
    }
  }
}
