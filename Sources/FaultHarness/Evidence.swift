internal import FaultCheckers
internal import FoundationEssentials
internal import LANTestKit
internal import LinuxSystem
internal import Time

/// Keeps what was recorded of a fault that broke something: capture, history, logs, status.
struct Evidence {
  /// Where the evidence of all faults goes, a directory for each.
  let root: String
  /// Whether to keep it of faults that broke nothing, too.
  let keepsAll: Bool

  /// Writes everything; the directory.
  func keep(_ result: FaultResult, _ stage: Stage, _ frames: [CapturedFrame]) async -> String {
    let name = "\(result.fault)-\(Int(result.leaseMs))ms-\(UInt32.random(in: 0...9999))"
    let directory = "\(root)/\(name)"
    try? FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    func write(_ file: String, _ text: String) {
      try? text.write(toFile: "\(directory)/\(file)", atomically: true, encoding: .utf8)
    }
    let offset = wallClockNanoseconds() - Instant.now.nanoseconds
    write(
      "README",
      """
      \(result.fault), lease \(result.leaseMs) ms. What was wrong:
      \(result.complaints.joined(separator: "\n"))

      capture.pcap has the time of day; the boot clock of history and complaints is that minus
      \(offset) ns.
      \(stage.nodes.map { "\($0.name) is \($0.mac)" }.joined(separator: "\n"))

      """)
    try? PcapFile.write(frames, to: "\(directory)/capture.pcap")
    write("history", stage.history.records.map(Self.line).joined(separator: "\n"))
    for node in stage.nodes {
      write("\(node.name).log", node.log)
      write("\(node.name).yaml", node.configuration)
      if node.isRunning, let status = try? await node.ask("status", "--output", "json") {
        write("\(node.name).status.json", status.standardOutput)
      }
    }
    for member in stage.store.members + (stage.apiServers?.members ?? []) {
      write("\(member.name).log", member.log)
    }
    if let servers = stage.apiServers {
      for member in servers.members {
        try? FileManager.default.copyItem(
          atPath: servers.files.auditLog(member.name), toPath: "\(directory)/\(member.name).audit")
      }
    }
    return directory
  }

  private static func line(_ record: HistoryRecorder.Record) -> String {
    "\(record.seen) revision \(record.revision) created \(record.createRevision) "
      + "\(record.isDelete ? "delete" : "put") \(record.key) lease "
      + "\(String(record.lease, radix: 16)) \(record.value)"
  }
}
