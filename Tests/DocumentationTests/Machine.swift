import FoundationEssentials
import LANTestKit

/// A host of the LAN with files of its own, as far as the documentation's commands touch any: /etc, /run,
/// /root, /usr/share, /usr/local/bin. Its daemon is a real one; systemd, sudo and the like are stand-ins.
struct Machine: Sendable {
  let host: Host
  private let keeper: RunningProcess

  init(_ host: Host) async throws {
    self.host = host
    let root = Page.root.path
    keeper = try host.spawn([
      "unshare", "--uts", "bash", "\(root)/Tests/DocumentationTests/StandIns/machine", host.name,
      root.hasSuffix("/") ? String(root.dropLast()) : root, Program.path,
    ])
    let ready = try await timeUntil(within: .seconds(30)) {
      guard keeper.isRunning else { throw LANError("no machine: \(keeper.standardError)") }
      return keeper.standardOutput.contains("ready")
    }
    guard ready != nil else { throw LANError("no machine: \(keeper.standardError)") }
  }

  /// Runs a line of the shell in /root; all that it prints is standard output.
  func run(_ line: String, within limit: Duration = .seconds(90)) async throws -> CommandResult {
    try await runCommand(
      [
        "nsenter", "--target", "\(keeper.pid)", "--mount", "--uts", "--net", "--", "env",
        "HOME=/root", "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        "NO_COLOR=1", "bash", "-c", "cd; eval \"$0\" 2>&1", line,
      ], within: limit)
  }

  /// Runs a line that has to succeed; what it prints.
  @discardableResult
  func must(_ line: String) async throws -> String {
    let result = try await run(line)
    guard result.succeeded else { throw LANError("\(line): \(result.standardOutput)") }
    return result.standardOutput
  }

  /// Writes a file on this machine.
  func write(_ text: String, to path: String) async throws {
    let result = try await runCommand([
      "nsenter", "--target", "\(keeper.pid)", "--mount", "--", "bash", "-c",
      "mkdir -p \"$(dirname \"$0\")\" && printf %s \"$1\" > \"$0\"", path, text,
    ])
    guard result.succeeded else { throw LANError("\(path): \(result.standardError)") }
  }

  func read(_ path: String) async throws -> String { try await must("cat \(path)") }

  /// What its daemon has logged.
  var log: String {
    get async { (try? await must("tail -n 30 /run/journal")) ?? "" }
  }
}
