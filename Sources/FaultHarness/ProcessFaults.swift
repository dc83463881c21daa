internal import FaultCheckers
internal import Glibc
internal import LANTestKit
internal import LinuxSystem
internal import Time

/// A holder that dies or freezes.
enum ProcessFaults {
  static let all =
    [sigkill(.fast), sigkillAndRestart, frozenBriefly, frozenLong, sameNameTwice]
    + [logReaderStopped, sigtermUnread, sigkill(.standard)]

  static func sigkill(_ timing: Timing) -> Fault {
    Fault(
      name: "SIGKILL", layout: Layout(timing: timing), runs: 12,
      quickRuns: timing == .fast ? 2 : nil,
      bounds: GapBounds(timing.crashBound, mean: timing.lease)
    ) { run in
      // At any point between two renewals, which are T/4 apart: what came before has a rhythm.
      try await run.last(run.timing.lease / 4 * Double.random(in: 0..<1))
      let killed = Instant.now
      try await run.victim.end(SIGKILL)
      try await run.waitForTakeover(since: killed)
      try await run.restartVictim()
    }
  }

  /// A process that starts again is a new session: it does not go on under its old one.
  static let sigkillAndRestart = Fault(
    name: "SIGKILL and restart within T", runs: 4,
    bounds: GapBounds(Timing.fast.crashBound)
  ) { run in
    try await run.victim.end(SIGKILL)
    let killed = Instant.now
    try await run.restartVictim()
    try await run.waitForAnswers(from: run.stage.nodes, since: killed, within: .seconds(10))
  }

  static let frozenBriefly = Fault(
    name: "SIGSTOP for 0.5 T", runs: 4,
    bounds: GapBounds(Timing.fast.lease / 2 + .milliseconds(300)), keepsOwner: true
  ) { run in
    run.victim.process?.freeze()
    try await run.last(run.timing.lease / 2)
    run.victim.process?.thaw()
    let thawed = Instant.now
    try await run.waitForAnswers(
      [run.addresses[0]], from: [run.victim], since: thawed, within: .seconds(5))
  }

  /// The client asks on: when the holder wakes, its sockets are full of questions.
  static let frozenLong = Fault(
    name: "SIGSTOP for 3 T", runs: 3, quickRuns: 1, bounds: GapBounds(Timing.fast.crashBound)
  ) { run in
    run.victim.process?.freeze()
    try await run.waitForTakeover(since: run.start)
    try await run.last(run.timing.lease * 3 - (Instant.now - run.start))
    let thawed = Instant.now
    run.victim.process?.thaw()
    try await run.last(.seconds(1))
    run.mustHaveBeenSilent(run.victim, from: thawed, "awake, and not elected")
  }

  /// A second daemon with the holder's name on another machine is refused, and told by whom.
  static let sameNameTwice = Fault(
    name: "same node name twice", runs: 2, bounds: GapBounds(.milliseconds(100))
  ) { run in
    guard let place = run.others.last, let session = try await run.victim.report()?.session else {
      throw HarnessError("no session to double")
    }
    try await place.end(SIGTERM)
    let twin = try Node(
      name: run.victim.name, host: place.host, mac: place.mac, program: place.program,
      workplace: run.stage.workplace, file: "twin",
      configuration: run.stage.configuration(of: place))
    let began = Instant.now
    try twin.start()
    try await run.last(run.timing.lease * 2)
    let report = try await twin.report()
    run.mustHaveBeenSilent(place, from: began, "its name is another's")
    for node in run.others {
      run.mustHaveBeenSilent(
        node, about: run.addresses[0], from: began, "the first of the name has the address")
    }
    if report?.ready != false { run.complain("the second of the name says that it is ready") }
    if report?.lease.error?.contains(session) != true {
      run.complain(
        "the second of the name does not name session \(session): "
          + (report?.lease.error ?? "no error"))
    }
    try await twin.end(SIGTERM)
    try place.start()
    try await place.waitUntilReady()
  }

  /// A log that nobody reads is lost; nothing else changes.
  static let logReaderStopped = Fault(
    name: "log reader stopped", runs: 3, quickRuns: 1, bounds: GapBounds(.milliseconds(300)),
    keepsOwner: true
  ) { run in
    try await run.stopReadingLog()
    try await run.last(run.timing.lease * 3)
    let report = try await run.victim.report()
    if report?.ready != true { run.complain("the holder says that it is not ready, or nothing") }
    let unread = run.victim.log.utf8.count
    run.victim.process?.readOn()
    let isRead = await timeUntil(within: .seconds(5)) {
      run.victim.log.utf8.count > unread + 4096
    }
    if isRead == nil { run.complain("what was logged meanwhile does not come") }
  }

  /// Nobody reads that it ends either.
  static let sigtermUnread = Fault(
    name: "sigterm, log reader stopped", runs: 3, bounds: GapBounds(.milliseconds(50))
  ) { run in
    try await run.stopReadingLog()
    run.gapStart = .now
    run.victim.signal(SIGTERM)
    let ended = await timeUntil(within: .seconds(20)) { !run.victim.isRunning }
    guard let ended else {
      throw HarnessError("\(run.victim.name) does not end: its log is not read")
    }
    if ended > .seconds(1) { run.complain("the stop took \(ended)") }
    run.victim.process?.readOn()
    try await run.waitForTakeover(since: run.start)
    try await run.restartVictim()
  }
}

extension FaultRun {
  /// Stops the reader of the victim's log, and has the victim log more than the pipe holds.
  fileprivate func stopReadingLog() async throws {
    victim.process?.stopReading()
    for _ in 0..<100 {
      victim.signal(SIGHUP)
      try await last(.milliseconds(20))
    }
  }
}
