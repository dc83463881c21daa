import FoundationEssentials
import LANTestKit

/// When the kernel said that `lan0` can carry frames: `ip monitor`, with its times.
final class LinkWatch: Sendable {
  private let process: RunningProcess

  init(on host: Host) throws {
    process = try host.spawn("ip", "-ts", "monitor", "link", environment: ["TZ": "UTC"])
  }

  /// `ip monitor` says nothing when it begins; a bound netlink socket of its process shows it.
  func waitUntilListening() async throws {
    let listening = try await timeUntil(within: .seconds(10)) {
      guard process.isRunning else { throw LANError("ip monitor: \(process.standardError)") }
      guard
        let table = try? String(contentsOfFile: "/proc/\(process.pid)/net/netlink", encoding: .utf8)
      else { return false }
      // sk Eth Pid Groups …: the port of a process's first netlink socket is its pid.
      return table.split(separator: "\n").contains { line in
        let fields = line.split(separator: " ")
        return fields.count > 3 && fields[1] == "0" && fields[2] == "\(process.pid)"
          && UInt32(fields[3], radix: 16).map { $0 & 1 == 1 } ?? false
      }
    }
    guard listening != nil else { throw LANError("ip monitor does not listen") }
  }

  /// When the kernel last told, in this span, that the link went from a state in which it cannot
  /// carry, or from not being there, to one in which it can; nanoseconds of the time of day. Nil
  /// where it told nothing of the sort.
  func lastUp(since start: Int64, until end: Int64) -> Int64? {
    var result: Int64?
    var wasAble: Bool?
    for line in process.lines where line.contains(" lan0") && line.hasPrefix("[") {
      guard let time = Self.time(of: line) else { continue }
      let isAble =
        line.contains("state UP") && line.contains("LOWER_UP") && !line.contains("Deleted")
      if isAble, wasAble == false, time >= start, time <= end { result = time }
      wasAble = isAble
    }
    return result
  }

  func stop() async { await process.stop() }

  /// `[2026-01-02T03:04:05.123456] 7: lan0@…`
  private static func time(of line: Substring) -> Int64? {
    let stamp = line.dropFirst().prefix { $0 != "]" }
    let parts = stamp.split(separator: ".")
    guard parts.count == 2, let microseconds = Int64(parts[1]),
      let date = try? Date("\(parts[0])Z", strategy: .iso8601)
    else { return nil }
    return Int64(date.timeIntervalSince1970) * 1_000_000_000 + microseconds * 1000
  }
}
