internal import FaultCheckers
internal import LinuxSystem
internal import Time
internal import Wire

/// Holds what was heard against what the store has written, and gives the verdict.
struct Judge {
  let fault: Fault
  let stage: Stage
  let start: Instant

  /// - Parameters:
  ///   - complaints: what went wrong on the way.
  func result(
    _ trials: [Trial], _ assertions: [Assertion], complaints: [String], notes: [String]
  ) -> FaultResult {
    var result = FaultResult(
      fault: fault.name, leaseMs: fault.layout.timing.lease.milliseconds, verdict: .held)
    let stations = stage.stations
    let pauses = stage.pauses.filter { $0.upperBound > start }
    let checks = trials.map {
      TrialCheck($0, assertions, stations: stations, pauses: pauses)
    }
    let gaps = Distribution(checks.map(\.gap))
    result.runs = trials.count
    result.gapMs = FaultResult.Gaps(gaps)
    result.boundMs = fault.bounds.maximum.milliseconds
    result.complaints = complaints + fault.bounds.complaints(gaps)
    for (trial, check) in zip(trials, checks) {
      if check.gap > fault.bounds.maximum, let worst = check.worst {
        result.complaints.append(
          "\(worst) unanswered for \(milliseconds(check.gap)) ms from \(check.gapStart), "
            + "\(milliseconds(check.gapStart - trial.start)) ms into the trial")
      }
      result.complaints += check.complaints
    }
    let history = OwnershipHistory(events: stage.events)
    checkInvariants(assertions, stations, history, &result)
    result.notes = notes
    if let longest = pauses.map({ $0.upperBound - $0.lowerBound }).max(),
      longest > .milliseconds(20)
    {
      result.notes.append(
        "the machine was busy: the client could not ask \(pauses.count) times, for "
          + "\(milliseconds(longest)) ms at most")
    }
    if !result.complaints.isEmpty { result.verdict = .broken }
    result.seconds = (Instant.now - start).milliseconds / 1000
    return result
  }

  /// lease.md I1, I2 and I3.
  private func checkInvariants(
    _ assertions: [Assertion], _ stations: [MACAddress: String], _ history: OwnershipHistory,
    _ result: inout FaultResult
  ) {
    guard !fault.isExempt else { return }
    // The time of a frame and of a sighting both come from this kernel; what is left besides the
    // delay that was measured is a thread of ours that was not run at once, and what a delay between two
    // measurements may be longer than both.
    let tolerance = stage.meter.worst(since: start) + .milliseconds(5)
    result.toleranceMs = tolerance.milliseconds
    let exclusion = Exclusion(
      assertions, stations: stations, history: history, tolerance: tolerance)
    result.overlapMs = exclusion.worst.milliseconds
    for overlap in exclusion.overlaps.prefix(5) {
      result.complaints.append(
        "\(overlap.first) and \(overlap.second) both assert \(overlap.address) from "
          + "\(overlap.from) for \(overlap.duration.milliseconds) ms")
    }
    let coverage = Coverage(
      assertions, stations: stations, history: history, tolerance: tolerance,
      grace: fault.grace)
    result.uncovered = coverage.strays.count
    for stray in coverage.strays.prefix(5) {
      let distance = stray.distance.map { "\($0.milliseconds) ms from" } ?? "without any"
      result.complaints.append(
        "\(stray.node) asserts \(stray.assertion.address) at \(stray.assertion.time), "
          + "\(distance) ownership")
    }
    result.complaints += EpochOrder(
      assertions, stations: stations, history: history, tolerance: tolerance
    ).complaints.prefix(5)
    if fault.grace == .zero { result.complaints += history.overwritten }
  }
}
