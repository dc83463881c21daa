package import CLinux
internal import FoundationEssentials
internal import Glibc
package import LinuxSystem
internal import Synchronization

/// A child process that a test started: its output as it comes, signals by its pid, its end.
///
/// The kernel reaps nothing behind our back: the pid stays ours until `wait()`'s thread has taken
/// the status, so that a signal can never hit a stranger that got the number again.
package final class RunningProcess: Sendable {
  package let pid: pid_t
  /// The command line, for messages.
  package let command: String

  private struct State {
    var standardOutput: [UInt8] = []
    var standardError: [UInt8] = []
    var openStreams = 2
    /// Nobody reads standard error.
    var isDeaf = false
    var status: ProcessStatus?
  }
  private let state = Mutex(State())
  /// Sees each chunk of standard output instead of `standardOutput`, where there is one.
  private let sink: (@Sendable (ArraySlice<UInt8>) -> Void)?

  /// Starts `arguments[0]`, found through PATH, with no standard input.
  ///
  /// - Parameters:
  ///   - errorPipeOctets: what the pipe of standard error holds while nobody reads it; nil for the kernel's 64 KiB.
  ///   - sink: takes standard output instead of `standardOutput`, on the reader's thread.
  package init(
    _ arguments: [String], environment: [String: String] = [:], errorPipeOctets: Int32? = nil,
    sink: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
  ) throws(SystemError) {
    let output = try Pipe()
    let error = try Pipe()
    if let errorPipeOctets {
      try systemCall("fcntl", "F_SETPIPE_SZ") {
        fcntl(error.writer.rawValue, clinux_set_pipe_size(), errorPipeOctets)
      }
    }
    pid = try spawnProcess(
      arguments, environment: environment, output: output.writer.rawValue,
      error: error.writer.rawValue)
    command = arguments.joined(separator: " ")
    self.sink = sink
    read(output.releaseReader(), named: "stdout") { process, bytes in
      if let sink = process.sink {
        sink(bytes)
      } else {
        process.state.withLock { $0.standardOutput += bytes }
      }
    }
    read(error.releaseReader(), named: "stderr") { process, bytes in
      process.state.withLock { $0.standardError += bytes }
    }
    reap()
  }

  /// Everything written to standard output so far.
  package var standardOutput: String {
    String(decoding: state.withLock { $0.standardOutput }, as: UTF8.self)
  }

  /// Everything written to standard error so far.
  package var standardError: String {
    String(decoding: state.withLock { $0.standardError }, as: UTF8.self)
  }

  /// The complete lines of standard output so far.
  package var lines: [Substring] { standardOutput.split(separator: "\n") }

  /// How it ended; nil while it runs.
  package var status: ProcessStatus? { state.withLock { $0.status } }

  package var isRunning: Bool { status == nil }

  /// Sends `signal`; nothing happens where the process has ended.
  package func signal(_ signal: Int32) {
    state.withLock { state in
      if state.status == nil { kill(pid, signal) }
    }
  }

  /// Freezes the process (SIGSTOP), as a paused virtual machine does, and waits until all its threads stand:
  /// on a busy machine they go on for a while after the signal.
  package func freeze() {
    signal(SIGSTOP)
    var tries = 0
    while tries < 2000, isRunning, !allThreadsStand {
      usleep(500)
      tries += 1
    }
  }

  /// Source: proc_pid_stat(5), the state after the name in parentheses.
  private var allThreadsStand: Bool {
    let directory = "/proc/\(pid)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return threads.allSatisfy { thread in
      guard let line = try? String(contentsOfFile: "\(directory)/\(thread)/stat", encoding: .utf8),
        let end = line.lastIndex(of: ")")
      else { return true }
      return line[end...].dropFirst(2).first.map { "TtZX".contains($0) } ?? true
    }
  }

  /// Lets a frozen process go on (SIGCONT).
  package func thaw() { signal(SIGCONT) }

  /// Reads standard error no more, as a log's reader that hangs, until `readOn()`.
  package func stopReading() { state.withLock { $0.isDeaf = true } }

  package func readOn() { state.withLock { $0.isDeaf = false } }

  /// Waits until the process has ended and its output is complete.
  package func wait(within limit: Duration = .seconds(30)) async throws -> ProcessStatus {
    let deadline = ContinuousClock.now + limit
    while true {
      // Read before the state: a task that slept past the deadline looks once more all the same.
      let isLate = ContinuousClock.now >= deadline
      let (status, openStreams) = state.withLock { ($0.status, $0.openStreams) }
      if let status, openStreams == 0 { return status }
      if isLate {
        let waitedFor =
          status.map { "\($0), but \(openStreams) of its outputs are open" } ?? "still running"
        throw LANError("\(waitedFor) after \(limit): \(command)\n\(standardError)")
      }
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  /// Ends the process the hard way and waits for it.
  package func stop() async {
    signal(SIGCONT)
    signal(SIGKILL)
    while isRunning {
      // A task that was cancelled must not leave a process behind either.
      await withThread(named: "stopping") { _ = usleep(1000) }
    }
  }

  private func read(
    _ descriptor: Int32, named name: String,
    _ take: @escaping @Sendable (RunningProcess, ArraySlice<UInt8>) -> Void
  ) {
    startThread(named: name) { [self] in
      let reader = Descriptor(owning: descriptor)
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        // What a read that began before brings is taken; then nothing more.
        while name == "stderr", state.withLock(\.isDeaf) { usleep(1000) }
        let count = unsafe Glibc.read(reader.rawValue, &buffer, buffer.count)
        if count > 0 {
          take(self, buffer[..<count])
        } else if count == 0 || errno != EINTR {
          break
        }
      }
      state.withLock { $0.openStreams -= 1 }
    }
  }

  private func reap() {
    startThread(named: "reaper") { [self] in
      var information = unsafe siginfo_t()
      // WNOWAIT: look first, so that the pid is given back under the lock that `signal` takes.
      while unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {
        continue
      }
      state.withLock { state in
        var raw: Int32 = 0
        _ = unsafe waitpid(pid, &raw, 0)
        state.status = ProcessStatus(raw: raw)
      }
    }
  }
}
