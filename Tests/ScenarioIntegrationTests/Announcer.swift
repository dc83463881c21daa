import Control
import FoundationEssentials
import Glibc
import LANTestKit
import LinuxSystem
import Testing
import Wire

/// The real daemon, as its own process on a host of a test's LAN.
///
/// Everything a test knows about it comes from outside: the wire, the neighbour tables of others,
/// its exit code, its log, and `announcer status`.
final class Announcer: Sendable {
  let host: Host
  /// The process; a restarted daemon is another `Announcer`.
  let process: RunningProcess
  let socket: String
  private let file: String

  /// Starts the daemon and returns at once.
  fileprivate init(on host: Host, _ settings: Settings, in directory: String) throws {
    self.host = host
    socket = "\(directory)/\(host.name).sock"
    file = "\(directory)/\(host.name).yaml"
    try write(settings.text(node: host.name, in: directory), to: file)
    process = try host.spawn([Program.path, "run", "--config", file])
  }

  /// What `announcer status --output json` says; nil while nobody answers there.
  func currentStatus() async throws -> Status? {
    let result = try await runCommand([
      Program.path, "status", "--socket", socket, "--output", "json",
    ])
    guard result.succeeded else { return nil }
    return try JSONDecoder().decode(Status.self, from: Data(result.standardOutput.utf8))
  }

  func status() async throws -> Status {
    guard let status = try await currentStatus() else { throw LANError("no status: \(log)") }
    return status
  }

  func status(of address: String) async throws -> AddressStatus {
    guard let found = try await status().addresses.first(where: { $0.address == address }) else {
      throw LANError("\(host.name) knows nothing of \(address)")
    }
    return found
  }

  /// Its standard error so far.
  var log: String { process.standardError }

  /// Waits until the daemon says that it is ready.
  func waitUntilReady(within limit: Duration = .seconds(30)) async throws {
    try await wait(within: limit, "is not ready") { $0.ready }
  }

  /// Waits until it announces every address that it is configured for.
  func waitUntilAnnouncing(within limit: Duration = .seconds(30)) async throws {
    try await wait(within: limit, "does not announce") { status in
      status.ready && !status.addresses.isEmpty
        && status.addresses.allSatisfy { $0.state == .announcing }
    }
  }

  /// Waits until `condition` holds for its status; an error with the log where it never does.
  func wait(
    within limit: Duration = .seconds(30), _ complaint: String, _ condition: (Status) -> Bool
  ) async throws {
    let held = try await timeUntil(within: limit) {
      guard process.isRunning else { throw LANError("\(host.name) ended: \(log)") }
      return try await currentStatus().map(condition) ?? false
    }
    guard held != nil else { throw LANError("\(host.name) \(complaint): \(log)") }
  }

  /// Writes another configuration and has the daemon read it (SIGHUP). Returns once it has.
  func reload(_ settings: Settings) async throws {
    let loadedAt = try await status().configuration.loadedAt
    let directory = file.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    try write(settings.text(node: host.name, in: directory), to: file)
    process.signal(SIGHUP)
    try await wait("does not take its configuration") { $0.configuration.loadedAt != loadedAt }
  }

  /// Asks the daemon to hand everything over (`announcer drain`), or to compete again.
  func drain(_ verb: String = "drain") async throws {
    let result = try await runCommand([Program.path, verb, "--socket", socket])
    guard result.succeeded else { throw LANError("\(verb): \(result.standardError)") }
  }
}

/// What a test writes into a daemon's configuration.
struct Settings: Sendable {
  /// As YAML has them: addresses, ranges, prefixes.
  var addresses: [String]
  var interfaces = ["^lan0$"]
  /// Offsets of the announcement rounds; nil for the default.
  var schedule: [String]?
  var refresh: String?
  var conflicts: String?
  /// The name of the lease directory: daemons that share it elect among each other.
  var claims = "claims"
  /// The whole value of `lease`; nil for the embedded one.
  var lease: String?
  /// Further lines of YAML, at the top level.
  var more = ""

  init(_ addresses: String...) {
    self.addresses = addresses
  }

  func text(node: String, in directory: String) -> String {
    func list(_ texts: [String]) -> String {
      "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
    var lines = [
      "node: \(node)", "interfaces: \(list(interfaces))",
      "announcements:", "  - name: scenario", "    addresses: \(list(addresses))",
      "lease: "
        + (lease ?? "{ backend: local, local: { directory: \"\(directory)/\(claims)\" } }"),
      "control: { socket: \"\(directory)/\(node).sock\" }",
    ]
    var gratuitous: [String] = []
    if let schedule { gratuitous.append("schedule: [\(schedule.joined(separator: ", "))]") }
    if let refresh { gratuitous.append("refresh: \(refresh)") }
    if !gratuitous.isEmpty {
      lines.append("gratuitous: { \(gratuitous.joined(separator: ", ")) }")
    }
    if let conflicts { lines.append("conflicts: \(conflicts)") }
    return (lines + [more]).joined(separator: "\n") + "\n"
  }
}

/// A LAN and a directory for the daemons on it. Both go away however the test ends.
struct Scenario {
  let lan: LAN
  /// Absolute; also of the claims, under `Settings.claims`.
  let directory: String

  /// - Parameter hosts: their names are also those of the nodes.
  static func with<Success>(
    hosts: [String], multicastSnooping: Bool = false,
    _ body: (Scenario) async throws -> Success
  ) async throws -> Success {
    var template = Array("/tmp/announcer-scenario-XXXXXX".utf8CString)
    let directory = try unsafe template.withUnsafeMutableBufferPointer {
      guard let path = unsafe mkdtemp($0.baseAddress!) else { throw LANError("mkdtemp: \(errno)") }
      return unsafe String(cString: path)
    }
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await LAN.with(hosts: hosts, multicastSnooping: multicastSnooping) {
      try await body(Scenario(lan: $0, directory: directory))
    }
  }

  subscript(_ name: String) -> Host { lan[name] }

  /// Starts the daemon on a host; ready or not.
  func launch(on name: String, _ settings: Settings) throws -> Announcer {
    try Announcer(on: lan[name], settings, in: directory)
  }

  /// Starts the daemon on a host and waits until it is ready.
  func start(on name: String, _ settings: Settings) async throws -> Announcer {
    let announcer = try launch(on: name, settings)
    try await announcer.waitUntilReady()
    return announcer
  }

  /// The lease store's file of a claim on an address. Whoever deletes it takes the claim away.
  func claimFile(_ address: String, claims: String = "claims") -> String {
    "\(directory)/\(claims)/\(address).claim"
  }
}

private func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
}
