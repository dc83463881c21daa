import FoundationEssentials
import LANTestKit
import Testing

/// A disk that is full or read-only, a log that nobody reads, no descriptors left.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct BadDayTests {
  /// Starts a daemon that must end by itself; its one line.
  private func expectRefusal(
    _ host: Host, _ scratch: Scratch, leaseDirectory: String, wrapper: [String] = [],
    _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let node = try await Node.start(
      on: host, in: scratch, Node.Settings(leaseDirectory: leaseDirectory), wrapper: wrapper,
      waits: false)
    #expect(try await node.process.wait() == .exited(1), sourceLocation: sourceLocation)
    #expect(
      node.log.split(separator: "\n").count == 1, "\(node.log)", sourceLocation: sourceLocation)
    for word in words {
      #expect(node.log.contains(word), "\(node.log)", sourceLocation: sourceLocation)
    }
    #expect(!scratch.exists("a.sock"), sourceLocation: sourceLocation)
  }

  @Test func aLeaseDirectoryThatCannotBeUsed() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let host = lan["node"]
      let file = scratch.path("file")
      try "not a directory".write(toFile: file, atomically: false, encoding: .utf8)
      try await expectRefusal(host, scratch, leaseDirectory: file, file, "ENOTDIR")
      try await expectRefusal(host, scratch, leaseDirectory: "\(file)/below", file, "ENOTDIR")

      // `ip netns exec` gives the command mounts of its own.
      let readOnly = scratch.path("ro")
      try FileManager.default.createDirectory(
        atPath: readOnly, withIntermediateDirectories: false)
      try await expectRefusal(
        host, scratch, leaseDirectory: readOnly,
        wrapper: ["sh", "-c", "mount -t tmpfs -o ro none \(readOnly) && exec \"$0\" \"$@\""],
        readOnly, "EROFS")

      // An ordinary user with the one capability, and a directory that is root's.
      let locked = scratch.path("locked")
      try FileManager.default.createDirectory(
        atPath: locked, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
      try await expectRefusal(
        host, scratch, leaseDirectory: locked,
        wrapper: [
          "setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", "-all,+net_raw",
          "--ambient-caps", "-all,+net_raw", "--bounding-set", "-all,+net_raw",
        ], locked, "EACCES")
    }
  }

  @Test func aFullDiskWhileItRuns() async throws {
    try await withLAN { lan, scratch in
      let claims = scratch.path("claims")
      try FileManager.default.createDirectory(atPath: claims, withIntermediateDirectories: false)
      var settings = Node.Settings()
      let node = try await Node.start(
        on: lan["node"], in: scratch, settings,
        wrapper: [
          "sh", "-c", "mount -t tmpfs -o size=64k,mode=750 none \(claims) && exec \"$0\" \"$@\"",
        ])
      try await node.waitFor("announcing")
      let inside = "/proc/\(node.process.pid)/root\(claims)"
      // Fill it to the last page.
      _ = try await runCommand(["sh", "-c", "cat /dev/zero > \(inside)/filler 2>/dev/null"])
      settings.addresses = ["10.80.8.150", "10.80.8.151"]
      try node.reload(settings)
      // It goes on: the lock is what counts, and the trouble is said.
      try await node.waitFor("announcing", "10.80.8.151")
      #expect(try await node.address()?.state == "announcing")
      try await eventually {
        try await node.status().lease.error?.contains("ENOSPC") == true
      }
      try await node.waitForLog("lease store failed", "ENOSPC")
      let arping = try await lan["client"].run(
        "arping", "-c", "1", "-w", "5", "-0", "-i", "lan0", "10.80.8.151")
      #expect(arping.succeeded)
      #expect(node.process.isRunning)
    }
  }

  @Test func aLogThatNobodyReads() async throws {
    try await withLAN { lan, scratch in
      // Standard error is a pipe whose reader leaves after the first line.
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        wrapper: ["bash", "-c", "exec \"$0\" \"$@\" 2> >(head -n 1 > /dev/null)"])
      try await node.waitFor("announcing")
      for address in ["10.80.8.151", "10.80.8.152", "10.80.8.153"] {
        try node.reload(Node.Settings(addresses: ["10.80.8.150", address]))
        try await node.waitFor("announcing", address)
      }
      #expect(node.process.isRunning)
      #expect(try await node.address()?.state == "announcing")
    }
  }

  @Test func tooFewDescriptors() async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(addresses: ["10.80.9.0/24"]),
        wrapper: ["prlimit", "--nofile=128:128"])
      try await node.waitForLog("LimitNOFILE")
      var status = try await node.status()
      try await eventually {
        status = try await node.status()
        return status.addresses(in: "blocked").count + status.addresses(in: "announcing").count
          >= 250
      }
      let announced = status.addresses(in: "announcing")
      let blocked = status.addresses.filter { $0.state == "blocked" }
      #expect(announced.count >= 50, "\(announced.count) announced")
      #expect(!blocked.isEmpty)
      #expect(blocked.allSatisfy { $0.reason?.contains("LimitNOFILE") == true })
      #expect(status.lease.error?.contains("LimitNOFILE") == true)
      let one = try #require(announced.first)
      let arping = try await lan["client"].run(
        "arping", "-c", "1", "-w", "5", "-0", "-i", "lan0", one)
      #expect(arping.succeeded, "\(one) is announced and not answered")
    }
  }
}
