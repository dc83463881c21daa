import FoundationEssentials
import LANTestKit
import Testing

/// One announcer, the real program, running on a host of a test's LAN.
///
/// The program is found beside the test bundle: what is tested is what was built with the tests.
struct Node: Sendable {
  /// What the configuration file says.
  struct Settings: Sendable {
    var name = "node-a"
    var interfaces = ["^lan0$"]
    var addresses = ["10.80.8.150"]
    /// Whole further lines of YAML, such as `conflicts: report`.
    var extra = ""
    /// The lease directory; nil for `claims` in the scratch directory, which its nodes share.
    var leaseDirectory: String?
    var rebalances = false
    /// The whole value of `lease`; nil for the embedded one.
    var lease: String?
  }

  let host: Host
  let process: RunningProcess
  let scratch: Scratch
  let configuration: String
  let socket: String
  let client: Client

  /// Asks by the command line, as people do.
  struct Client: Sendable {
    let host: Host
    let socket: String

    func status() async throws -> NodeStatus {
      let result = try await host.run(
        Program.path, "status", "--socket", socket, "--output", "json")
      guard result.succeeded else { throw LANError("status: \(result.standardError)") }
      return try NodeStatus(result.standardOutput)
    }

    @discardableResult
    func ask(_ command: String, _ arguments: String...) async throws -> CommandResult {
      try await ask(command, arguments)
    }

    @discardableResult
    func ask(_ command: String, _ arguments: [String]) async throws -> CommandResult {
      try await host.run([Program.path, command] + arguments + ["--socket", socket])
    }
  }

  /// Starts the daemon, and waits until it says that it is ready where `waits`.
  ///
  /// - Parameters:
  ///   - label: tells the files of several nodes in one scratch directory apart.
  ///   - wrapper: a command line that runs the program, such as `prlimit --nofile=64`.
  static func start(
    on host: Host, in scratch: Scratch, _ settings: Settings = Settings(), label: String = "a",
    environment: [String: String] = [:], wrapper: [String] = [], errorPipeOctets: Int32? = nil,
    waits: Bool = true
  ) async throws -> Node {
    let configuration = scratch.path("\(label).yaml")
    let socket = scratch.path("\(label).sock")
    try Self.yaml(settings, scratch, socket: socket).write(
      toFile: configuration, atomically: true, encoding: .utf8)
    let process = try host.spawn(
      wrapper + [Program.path, "run", "--config", configuration], environment: environment,
      errorPipeOctets: errorPipeOctets)
    let node = Node(
      host: host, process: process, scratch: scratch, configuration: configuration,
      socket: socket, client: Client(host: host, socket: socket))
    guard waits else { return node }
    let ready = try await timeUntil(within: .seconds(60)) {
      guard process.isRunning else { throw LANError("the daemon ended: \(node.log)") }
      return try await node.statusIfServed()?.ready == true
    }
    guard ready != nil else { throw LANError("not ready: \(node.log)") }
    return node
  }

  /// The text of a configuration file.
  static func yaml(_ settings: Settings, _ scratch: Scratch, socket: String) -> String {
    func list(_ items: [String]) -> String {
      "[" + items.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
    let directory = settings.leaseDirectory ?? scratch.path("claims")
    let rebalance = settings.rebalances ? "gradual" : "never"
    let local = "{local: {directory: \(directory)}, rebalance: \(rebalance)}"
    return """
      node: \(settings.name)
      interfaces: \(list(settings.interfaces))
      announcements: \(settings.addresses.isEmpty
        ? "[]" : "[{name: test, addresses: \(list(settings.addresses))}]")
      lease: \(settings.lease ?? local)
      control: {socket: \(socket)}
      \(settings.extra)

      """
  }

  /// Everything logged so far.
  var log: String { process.standardError }

  func status() async throws -> NodeStatus { try await client.status() }

  /// Nil while nobody serves the socket.
  func statusIfServed() async throws -> NodeStatus? {
    let result = try await host.run(Program.path, "status", "--socket", socket, "--output", "json")
    return result.succeeded ? try NodeStatus(result.standardOutput) : nil
  }

  /// What `status` says of one address.
  func address(_ address: String = "10.80.8.150") async throws -> NodeStatus.Address? {
    try await status().addresses.first { $0.address == address }
  }

  /// What `status` says of one interface.
  func interface(_ name: String = "lan0") async throws -> NodeStatus.Interface? {
    try await status().interfaces.first { $0.name == name }
  }

  /// Waits until the address is in `state`.
  func waitFor(
    _ state: String, _ address: String = "10.80.8.150", within limit: Duration = .seconds(15),
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    var last = "no status"
    let reached = try await timeUntil(within: limit) {
      guard let found = try await self.address(address) else { return false }
      last = "\(found.state): \(found.reason ?? "no reason")"
      return found.state == state
    }
    if reached == nil {
      Issue.record("\(address) is not \(state) but \(last)\n\(log)", sourceLocation: sourceLocation)
    }
  }

  /// Writes the configuration file anew and sends SIGHUP.
  func reload(_ settings: Settings) throws {
    try reload(text: Self.yaml(settings, scratch, socket: socket))
  }

  func reload(text: String) throws {
    try text.write(toFile: configuration, atomically: true, encoding: .utf8)
    process.signal(1)
  }

  /// Waits for a line in the log that has all of `words`; nil where it does not come.
  @discardableResult
  func waitForLog(
    _ words: String..., within limit: Duration = .seconds(15),
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String? {
    var found: Substring?
    let came = await timeUntil(within: limit) {
      found = log.split(separator: "\n").first { line in words.allSatisfy { line.contains($0) } }
      return found != nil
    }
    if came == nil {
      Issue.record("no line with \(words) in the log:\n\(log)", sourceLocation: sourceLocation)
    }
    return found.map(String.init)
  }
}
