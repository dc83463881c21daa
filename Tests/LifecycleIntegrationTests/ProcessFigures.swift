import FoundationEssentials
import LANTestKit
import Testing

/// What the kernel says a process has used.
enum ProcessFigures {
  /// VmRSS of proc_pid_status(5).
  static func residentKiB(of pid: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(
      line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }

  /// User and system time, in ticks of 10 ms (proc_pid_stat(5)).
  static func ticks(of pid: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    // The name of the program may have spaces and ends with the last parenthesis.
    let fields = try #require(text.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields[11])) + #require(Int(fields[12]))
  }

  /// Which share of a core a process takes for `duration`, in percent.
  static func share(of pid: Int32, for duration: Duration) async throws -> Double {
    let clock = ContinuousClock()
    let (before, start) = (try ticks(of: pid), clock.now)
    try await Task.sleep(for: duration)
    return Double(try ticks(of: pid) - before) / ((clock.now - start) / .milliseconds(10)) * 100
  }
}
