import CLinux
import Glibc
import LANTestKit
import Testing

@Suite(.timeLimit(.minutes(10)))
struct RunningProcessTests {
  @Test func outputStatusAndSignalsAreSeen() async throws {
    let result = try await runCommand(["sh", "-c", "echo out; echo err >&2; exit 3"])
    #expect(result.status == .exited(3))
    #expect(result.standardOutput == "out\n" && result.standardError == "err\n")
    let process = try RunningProcess(["sleep", "1000"])
    #expect(process.isRunning)
    process.signal(SIGTERM)
    #expect(try await process.wait() == .signaled(SIGTERM))
    process.signal(SIGTERM)
  }

  @Test func linesComeWhileItRuns() async throws {
    let process = try RunningProcess(["sh", "-c", "echo one; exec sleep 1000"])
    await eventually { process.lines == ["one"] }
    #expect(process.isRunning)
    await process.stop()
    #expect(process.status == .signaled(SIGKILL))
  }

  @Test func aFrozenProcessDoesNothingUntilThawed() async throws {
    let process = try RunningProcess([
      "sh", "-c", "trap 'echo ended; exit 0' TERM; echo ready; while :; do sleep 0.01; done",
    ])
    await eventually { process.lines == ["ready"] }
    process.freeze()
    try await eventually {
      try await runCommand(["ps", "-o", "stat=", "-p", "\(process.pid)"]).standardOutput.hasPrefix(
        "T")
    }
    process.signal(SIGTERM)
    #expect(process.isRunning && process.lines == ["ready"])
    process.thaw()
    #expect(try await process.wait() == .exited(0))
    #expect(process.lines == ["ready", "ended"])
  }

  @Test func aCommandThatDoesNotEndIsKilled() async throws {
    await #expect(throws: LANError.self) {
      try await runCommand(["sleep", "1000"], within: .milliseconds(50))
    }
  }

  @Test func anUnknownCommandIsAnError() async throws {
    await #expect(throws: (any Error).self) { try await runCommand(["no-such-command"]) }
  }
}
