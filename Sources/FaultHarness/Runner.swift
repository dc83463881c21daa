internal import FaultCheckers
internal import Glibc
internal import LANTestKit
internal import LinuxSystem
internal import Time

/// Plants faults one after another, those of one layout in one set-up.
struct Runner: Sendable {
  let programs: Programs
  let evidence: Evidence
  /// How often each fault is planted, whatever it says itself.
  let runs: Int?
  let isQuick: Bool
  let mayStepClock: Bool
  /// Called with each result as it comes.
  let report: @Sendable (FaultResult) -> Void

  func run(_ faults: [Fault]) async throws -> [FaultResult] {
    var results: [FaultResult] = []
    var queue = faults.filter { fault in
      guard let reason = reasonToSkip(fault) else { return true }
      var result = FaultResult(
        fault: fault.name, leaseMs: fault.layout.timing.lease.milliseconds, verdict: .skipped)
      result.complaints = [reason]
      results.append(result)
      report(result)
      return false
    }
    while let first = queue.first {
      // Until one breaks something: the next begins with everything new.
      var group = queue.filter { $0.layout == first.layout }
      let programs = programs
      do {
        try await Stage.with(first.layout, programs) { stage in
          while !group.isEmpty {
            let fault = group.removeFirst()
            queue.removeAll { $0.name == fault.name && $0.layout == fault.layout }
            let result = try await run(fault, on: stage)
            results.append(result)
            report(result)
            if result.verdict == .broken { break }
          }
        }
      } catch let error where !(error is CancellationError) && !Task.isCancelled {
        guard queue.contains(where: { $0.name == first.name && $0.layout == first.layout })
        else { throw error }
        queue.removeAll { $0.name == first.name && $0.layout == first.layout }
        var result = FaultResult(
          fault: first.name, leaseMs: first.layout.timing.lease.milliseconds, verdict: .broken)
        result.complaints = ["no set-up: \(error)"]
        results.append(result)
        report(result)
      }
    }
    return results
  }

  private func reasonToSkip(_ fault: Fault) -> String? {
    if let reason = fault.needsPermission, !mayStepClock { return reason }
    return programs.reasonAgainst(fault.layout)
  }

  private func run(_ fault: Fault, on stage: Stage) async throws -> FaultResult {
    let observer = try await LANObserver(
      on: stage.lan, bridges: Stage.halves, addresses: Set(stage.layout.addresses),
      without: try await stage.client.hardwareAddress())
    let judge = Judge(fault: fault, stage: stage, start: .now)
    var trials: [Trial] = []
    var complaints: [String] = []
    var notes: [String] = []
    do {
      let count = runs ?? (isQuick ? fault.quickRuns : nil) ?? fault.runs
      for index in 0..<count where complaints.isEmpty {
        let (trial, run, unsettled) = try await plant(fault, stage, observer, index)
        trials.append(trial)
        complaints += run.complaints + unsettled
        notes += run.notes
      }
    } catch {
      if error is CancellationError || Task.isCancelled { throw CancellationError() }
      complaints.append("\(error)")
    }
    let frames = try await observer.stop()
    let assertions = observer.assertions
    if abs(observer.clockDrift.milliseconds) > 1 {
      complaints.append("somebody set the clock meanwhile: the times mean nothing")
    }
    var result = judge.result(trials, assertions, complaints: complaints, notes: notes)
    if result.verdict == .broken || evidence.keepsAll {
      result.evidence = await evidence.keep(result, stage, frames)
    }
    return result
  }

  /// One planting, from all well to all well.
  private func plant(
    _ fault: Fault, _ stage: Stage, _ observer: LANObserver, _ index: Int
  ) async throws -> (Trial, FaultRun, [String]) {
    try await stage.introduce()
    let probe = ConvergenceProbe(stage: stage, observer: observer)
    let unwell = try await probe.settle(until: .now + .seconds(15))
    guard unwell.isEmpty else {
      throw HarnessError("not well before the fault: \(unwell.joined(separator: "; "))")
    }
    let run = try FaultRun(stage: stage, observer: observer, index: index)
    try await fault.act(run)
    let unsettled = try await probe.settle(until: (run.healed ?? .now) + fault.settling)
    let trial = Trial(
      start: run.gapStart ?? run.start, end: .now, addresses: run.addresses,
      silences: run.silences, keepsOwner: fault.keepsOwner)
    return (trial, run, unsettled.map { "not converged: \($0)" })
  }
}
