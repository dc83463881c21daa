internal import FaultCheckers
internal import LinuxSystem
internal import Time

/// An API server that dies, freezes, is slow, or loses its own store.
enum APIServerFaults {
  static let all = [restarted, killed, frozenBriefly, frozenLong, slow, storeless, frozenForOne]

  private static let timing = Timing.kubernetes
  /// Servers are back: the next renewal, and the claims.
  private static let back = GapBounds(.seconds(3))
  /// Each node asks one of two: the holder's may break alone.
  private static let two = Layout.kubernetes.with { $0.apiServers = 2 }

  static let restarted = Fault(
    name: "k8s: API server restarted", layout: .kubernetes, runs: 3,
    bounds: GapBounds(timing.crashBound)
  ) { run in
    let servers = try run.apiServers
    await servers.members[0].kill()
    let killed = Instant.now
    try servers.members[0].start()
    let serving = try await servers.waitUntilServing()
    run.note("the API server was away for \(milliseconds(serving - killed)) ms")
    try await run.waitForAnswers(from: run.stage.nodes, since: serving, within: .seconds(15))
  }

  static let killed = Fault(
    name: "k8s: API server gone for 1.5 T", layout: .kubernetes, runs: 3, bounds: back
  ) { run in
    let servers = try run.apiServers
    await servers.members[0].kill()
    let killed = Instant.now
    try await run.last(run.timing.lease * 3 / 2)
    run.mustHaveBeenSilent(nil, from: killed + run.timing.deadline, "there is no API server")
    try servers.members[0].start()
    try await run.waitUntilBack()
  }

  /// A renewal that was due at once has 0.36 s left to be confirmed: as a rule nobody notices.
  static let frozenBriefly = Fault(
    name: "k8s: API server frozen for 0.5 T", layout: .kubernetes, runs: 4, quickRuns: 1,
    bounds: GapBounds(.seconds(1))
  ) { run in
    let server = try run.apiServers.members[0]
    server.freeze()
    try await run.last(run.timing.lease / 2)
    server.thaw()
    try await run.last(run.timing.lease / 2)
    run.note(
      run.observer.lastSpeaker(of: run.addresses[0], among: Set(run.stage.stations.keys))
        == run.victim.mac ? "the owner stayed" : "the owner changed")
  }

  static let frozenLong = Fault(
    name: "k8s: API server frozen for 2 T", layout: .kubernetes, runs: 3, bounds: back
  ) { run in
    let server = try run.apiServers.members[0]
    server.freeze()
    let frozen = Instant.now
    try await run.last(run.timing.lease * 2)
    run.mustHaveBeenSilent(nil, from: frozen + run.timing.deadline, "the API server is frozen")
    server.thaw()
    try await run.waitUntilBack()
  }

  /// Every answer is up to 200 ms late.
  static let slow = Fault(
    name: "k8s: API server slow", layout: .kubernetes, runs: 2,
    bounds: GapBounds(.milliseconds(200)), keepsOwner: true
  ) { run in
    let server = try run.apiServers.members[0]
    let end = Instant.now + run.timing.lease * 3
    while Instant.now < end {
      server.freeze()
      try await run.last(.milliseconds(200))
      server.thaw()
      try await run.last(.milliseconds(200))
    }
  }

  /// It answers, but what it knows it cannot check or write.
  static let storeless = Fault(
    name: "k8s: API server without its etcd", layout: .kubernetes, runs: 2, bounds: back,
    // What was waiting is answered all at once: connections that nobody needs stay for 30 s.
    settling: .seconds(40)
  ) { run in
    let member = run.stage.store.members[0]
    member.freeze()
    let frozen = Instant.now
    try await run.last(run.timing.lease * 3 / 2)
    run.mustHaveBeenSilent(nil, from: frozen + run.timing.deadline, "there is no etcd")
    member.thaw()
    try await run.waitUntilBack()
  }

  /// Nodes at the other server see the session end and take over; the holder sees nothing at all.
  static let frozenForOne = Fault(
    name: "k8s: holder's API server frozen", layout: two, runs: 3,
    bounds: GapBounds(timing.crashBound)
  ) { run in
    let server = try run.serverOfVictim
    server.freeze()
    let frozen = Instant.now
    try await run.waitForTakeover(since: frozen + run.timing.deadline)
    try await run.last(run.timing.lease * 2 - (Instant.now - frozen))
    let thawed = Instant.now
    server.thaw()
    try await run.last(.seconds(1))
    run.mustHaveBeenSilent(
      run.victim, from: frozen + run.timing.deadline, "its lease may have expired")
    run.mustHaveBeenSilent(run.victim, from: thawed, "another was elected")
  }
}

extension FaultRun {
  var apiServers: APIServers {
    get throws {
      guard let servers = stage.apiServers else { throw HarnessError("there is no API server") }
      return servers
    }
  }

  /// The API server that the victim asks.
  fileprivate var serverOfVictim: StoreMember {
    get throws {
      let servers = try apiServers
      let index = stage.nodes.firstIndex { $0 === victim } ?? 0
      return servers.members[servers.index(ofNode: index)]
    }
  }

  /// Waits until the API server serves, and from when on the gap counts, every address is answered.
  fileprivate func waitUntilBack() async throws {
    let serving = try await apiServers.waitUntilServing()
    gapStart = serving
    try await waitForAnswers(from: stage.nodes, since: serving, within: .seconds(15))
  }
}
