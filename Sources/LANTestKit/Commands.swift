internal import LinuxSystem

/// Runs a command line to its end; killed and an error after `limit`.
package func runCommand(
  _ arguments: [String], within limit: Duration = .seconds(30)
) async throws -> CommandResult {
  let process = try RunningProcess(arguments)
  do {
    let status = try await process.wait(within: limit)
    return CommandResult(
      status: status, standardOutput: process.standardOutput,
      standardError: process.standardError)
  } catch {
    await process.stop()
    throw error
  }
}

/// Runs a command line that has to succeed; its standard output.
@discardableResult
func must(_ arguments: [String]) async throws -> String {
  let result = try await runCommand(arguments)
  guard result.succeeded else {
    throw LANError(
      "\(arguments.joined(separator: " ")): \(result.status): \(result.standardError)")
  }
  return result.standardOutput
}

/// Runs several commands of `ip` in one process, one a line.
func ipBatch(_ lines: String) async throws {
  try await must(["sh", "-c", "printf '%s\\n' \"$0\" | ip -batch -", lines])
}
