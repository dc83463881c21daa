internal import Glibc
internal import LeaseSimulator

/// Runs schedules of the lease simulator and says whether the invariants held.
///
/// Exit codes: 0 they held, 1 they did not, 2 usage.
@main
struct SimulateCommand {
  /// Enough to see how a failure came about.
  private static let linesShown = 120

  static func main() async {
    guard let arguments = Arguments(CommandLine.arguments.dropFirst()) else {
      print(Arguments.usage)
      exit(2)
    }
    if arguments.isTraced {
      let (violation, _) = Simulation.run(
        seed: arguments.first, weaknesses: arguments.weaknesses, trace: { print($0) })
      exit(violation == nil ? 0 : 1)
    }
    let clock = ContinuousClock()
    let began = clock.now
    let (failed, statistics) = await Campaign(arguments).run(
      workers: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let took = clock.now - began
    if let failed { explain(failed, arguments) }
    summarize(statistics, arguments, took / .seconds(1))
    exit(failed == nil ? 0 : 1)
  }

  /// Runs the schedule again and prints its end.
  private static func explain(_ seed: UInt64, _ arguments: Arguments) {
    var lines: [String] = []
    let (violation, _) = Simulation.run(seed: seed, weaknesses: arguments.weaknesses) {
      lines.append($0)
    }
    if lines.count > linesShown + 1 { print("\(lines[0])\n  …") }
    for line in lines.suffix(linesShown) { print(line) }
    guard let violation else {
      // Never seen; it would mean that chance comes from somewhere else than the seed.
      return print("seed \(seed) failed, and did not fail again")
    }
    let weaken = arguments.weaknesses.map { " --weaken \($0.rawValue)" }.sorted().joined()
    print(
      """
      FAILED: seed \(seed), \(violation.invariant.rawValue) at \(violation.at): \(violation.text)
      replay: announcer-simulate --seed \(seed)\(weaken) --trace
      """)
  }

  private static func summarize(
    _ statistics: Statistics, _ arguments: Arguments, _ took: Double
  ) {
    let faults = statistics.faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let recovery = statistics.longestRecovery
    print(
      """
      \(statistics.schedules) schedules from seed \(arguments.first) in \(tenths(took)) s, \
      \(Int(Double(statistics.schedules) / took)) a second; \(statistics.events) events, \
      \(statistics.frames) frames, \(statistics.probes) probes, \(statistics.refusals) refused, \
      \(statistics.transitions) transitions
      faults: \(faults.joined(separator: ", "))
      longest from the end of the faults to agreement: \
      \(tenths(Double(recovery.nanoseconds) / 1e9)) s (seed \(recovery.seed))
      """)
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
