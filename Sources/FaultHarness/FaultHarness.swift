internal import ArgumentParser
internal import FaultCheckers
internal import FoundationEssentials
internal import Glibc
internal import LANTestKit

/// Plants faults under real daemons on a real store, and checks what the LAN heard against what the
/// store wrote (lease.md §7.2).
@main
struct FaultHarness: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "FaultHarness",
    abstract: "Plant faults under real daemons and a real store, and check exclusion and gaps.",
    discussion: """
      Needs root, for network namespaces. Exit code 1 if anything is out of bound; what was \
      recorded of it is kept then.
      """)

  enum Store: String, ExpressibleByArgument, CaseIterable {
    case etcd, kubernetes, all

    func includes(_ backend: Backend) -> Bool { self == .all || rawValue == backend.rawValue }
  }

  enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "The program to test.")
  var announcer: String = ".build/release/announcer"

  @Option(help: "The kube-apiserver; without it, faults of that store are skipped.")
  var kubeApiserver: String?

  @Option(help: "Only faults of this store: etcd, kubernetes, or all.")
  var store: Store = .all

  @Option(help: "Only faults whose name contains one of these words, separated by commas.")
  var faults: String?

  @Option(help: "How often to plant each fault; each has its own number by default.")
  var runs: Int?

  @Flag(help: "The quick subset, for every change.")
  var quick = false

  @Flag(help: "Allow the fault that sets this machine's clock.")
  var stepClock = false

  @Option(help: "Where to keep what was recorded of a fault that broke something.")
  var evidence: String?

  @Flag(help: "Keep what was recorded of every fault.")
  var keep = false

  @Option(help: "The report's form on standard output.")
  var output: Output = .text

  @Flag(help: "List the faults and do nothing.")
  var list = false

  func validate() throws {
    if let runs, runs < 1 { throw ValidationError("--runs must be 1 or more.") }
    if chosen.isEmpty {
      throw ValidationError("No fault is called '\(faults ?? "")'; --list lists them.")
    }
  }

  /// The faults to plant.
  private var chosen: [Fault] {
    let words = faults?.split(separator: ",").map { $0.lowercased() }
    return FaultList.all.filter { store.includes($0.layout.backend) }.filter { fault in
      guard let words else { return !quick || fault.quickRuns != nil }
      return words.contains { fault.name.lowercased().contains($0) }
    }
  }

  func run() async throws {
    if list {
      for fault in chosen { print("\(fault.name)  (T = \(fault.layout.timing.text))") }
      return
    }
    if let reason = LAN.reasonNotAvailable { throw HarnessError(reason) }
    guard FileManager.default.isExecutableFile(atPath: announcer) else {
      throw HarnessError("there is no program \(announcer); make release builds it")
    }
    let programs = Programs(
      announcer: URL(filePath: announcer).standardizedFileURL.path,
      apiServer: kubeApiserver.flatMap {
        $0.isEmpty ? nil : URL(filePath: $0).standardizedFileURL.path
      })
    let root =
      evidence ?? "\(FileManager.default.temporaryDirectory.path)/announcer-faults-\(getpid())"
    let runner = Runner(
      programs: programs, evidence: Evidence(root: root, keepsAll: keep), runs: runs,
      isQuick: quick,
      mayStepClock: stepClock, report: Self.live)
    let faults = chosen
    Self.say(ReportText.header)
    let results: [FaultResult]
    do {
      results = try await cancellingOnInterrupt { try await runner.run(faults) }
    } catch is CancellationError {
      Self.say("interrupted; everything is taken away again")
      throw ExitCode(130)
    }
    switch output {
    case .text: print(ReportText.render(results))
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(results), as: UTF8.self))
    }
    if results.contains(where: { $0.verdict == .broken }) { throw ExitCode(1) }
  }

  /// A line for each fault as it is done, for whoever waits.
  @Sendable private static func live(_ result: FaultResult) {
    say(ReportText.line(result))
    for complaint in result.complaints.prefix(3) { say("  - \(complaint)") }
  }

  private static func say(_ line: String) {
    let octets = Array("\(line)\n".utf8)
    _ = unsafe write(STDERR_FILENO, octets, octets.count)
  }
}
