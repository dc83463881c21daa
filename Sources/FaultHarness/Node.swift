internal import FaultCheckers
internal import FoundationEssentials
internal import Glibc
internal import LANTestKit
internal import Synchronization
internal import Wire

/// One daemon, the real program, on a host with a link to the LAN and one to the store.
final class Node: Sendable {
  /// The link to the store.
  static let storeLink = "mgmt0"

  /// What it calls itself; the host's name, unless two shall have the same.
  let name: String
  let host: Host
  let mac: MACAddress
  let socket: String
  let program: String
  private let file: String
  private let state = Mutex(State())

  private struct State {
    var process: RunningProcess?
    /// What former lives of it wrote.
    var logs = ""
  }

  init(
    name: String, host: Host, mac: MACAddress, program: String, workplace: Workplace,
    file label: String? = nil, configuration: String
  ) throws {
    self.name = name
    self.host = host
    self.mac = mac
    self.program = program
    socket = workplace.file("\(label ?? host.name).sock")
    file = workplace.file("\(label ?? host.name).yaml")
    try configure(configuration)
  }

  /// Writes its configuration file: name and socket, and `settings`.
  func configure(_ settings: String) throws {
    let text = "node: \(name)\ncontrol: {socket: \(socket)}\n\(settings)"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  /// Starts the daemon; ready or not.
  func start() throws {
    // A small pipe: a reader of the log that hangs shows after a few lines.
    let new = try host.spawn([program, "run", "--config", file], errorPipeOctets: 4096)
    state.withLock { state in
      if let old = state.process { state.logs += old.standardError + "--- started again\n" }
      state.process = new
    }
  }

  var process: RunningProcess? { state.withLock { $0.process } }
  var isRunning: Bool { process?.isRunning ?? false }
  var log: String { state.withLock { $0.logs + ($0.process?.standardError ?? "") } }
  var configuration: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

  func signal(_ number: Int32) { process?.signal(number) }

  /// Ends it with a signal and waits for its end.
  func end(_ number: Int32) async throws {
    signal(number)
    _ = try await process?.wait(within: .seconds(20))
  }

  /// Asks it through the command line, as people do.
  @discardableResult
  func ask(_ command: String...) async throws -> CommandResult {
    try await host.run([program] + command + ["--socket", socket])
  }

  /// As `ask`, and a failure is an error.
  func tell(_ command: String...) async throws {
    let result = try await host.run([program] + command + ["--socket", socket])
    guard result.succeeded else {
      throw HarnessError("\(name): \(command.joined(separator: " ")): \(result.standardError)")
    }
  }

  /// Nil while it serves nobody: it does not run, or is frozen.
  func report() async throws -> NodeReport? {
    guard isRunning else { return nil }
    let result = try await host.run(
      [program, "status", "--output", "json", "--socket", socket], within: .seconds(5))
    return result.succeeded ? try NodeReport(result.standardOutput) : nil
  }

  /// Waits until it says that it is ready.
  func waitUntilReady(within limit: Duration = .seconds(20)) async throws {
    try await waitFor("is ready", within: limit) { $0.ready }
  }

  /// Waits until it says something.
  func waitFor(
    _ what: String, within limit: Duration = .seconds(20), _ condition: (NodeReport) -> Bool
  ) async throws {
    let held = try await timeUntil(within: limit) {
      try Task.checkCancellation()
      guard isRunning else { throw HarnessError("\(name) ended: \(log.suffix(500))") }
      return try await report().map(condition) ?? false
    }
    guard held != nil else {
      throw HarnessError("not after \(limit): \(name) \(what): \(log.suffix(500))")
    }
  }

  /// What the kernel says that it uses; nil where it does not run.
  var resources: ConvergenceFacts.Resources? {
    guard let pid = process?.pid, isRunning,
      let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd"),
      let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
    else { return nil }
    return ConvergenceFacts.Resources(descriptors: descriptors.count, threads: threads.count)
  }
}
