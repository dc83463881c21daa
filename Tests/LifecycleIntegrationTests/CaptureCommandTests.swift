import FoundationEssentials
import LANTestKit
import Testing

/// `announcer capture`: what is said of our addresses on the LAN, beside the daemon that says it.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct CaptureCommandTests {
  /// Starts a capture and waits until it listens.
  private func capture(
    on host: Host, _ arguments: String...,
    sink: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
  ) async throws -> RunningProcess {
    let process = try host.spawn([Program.path, "capture"] + arguments, sink: sink)
    let listens = try await timeUntil(within: .seconds(20)) {
      guard process.isRunning else { throw LANError("capture: \(process.standardError)") }
      return process.standardError.contains("listening on")
    }
    guard listens != nil else { throw LANError("capture does not listen") }
    return process
  }

  /// Both ways, in order, of the daemon's addresses only; then the count.
  @Test func questionsAndOurAnswers() async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(addresses: ["10.80.8.150", "2001:db8::10"]))
      try await node.waitFor("announcing")
      try await node.waitFor("announcing", "2001:db8::10")
      let mac = try await lan["node"].hardwareAddress()
      let client = lan["client"]
      try await client.addAddress("10.80.0.1/16")
      try await client.addAddress("2001:db8::1/64")
      let process = try await capture(on: lan["node"], "--socket", node.socket)
      #expect(process.standardError.contains("lan0 for 10.80.8.150, 2001:db8::10"))
      try await client.run("arping", "-c", "1", "-I", "lan0", "10.80.9.9")
      try await client.run("arping", "-c", "1", "-I", "lan0", "10.80.8.150")
      try await client.run("ndisc6", "-1", "2001:db8::10", "lan0")
      func has(_ words: String) -> Bool { process.standardOutput.contains(words) }
      await eventually(within: .seconds(5), "\(process.standardOutput)") {
        has("In  ARP, Request who-has 10.80.8.150 tell 10.80.0.1 at ")
          && has("Out ARP, Reply 10.80.8.150 is-at \(mac) to 10.80.0.1")
          && has("In  NDP, NS who-has 2001:db8::10 tell ")
          && has("Out NDP, NA 2001:db8::10 is-at \(mac) to ")
      }
      process.signal(2)
      #expect(try await process.wait() == .exited(0))
      #expect(!has("10.80.9.9"))
      let times = process.lines.compactMap { $0.split(separator: " ").first }
      #expect(times == times.sorted(), "\(process.standardOutput)")
      #expect(
        process.standardError.contains("\(process.lines.count) frames seen, 0 dropped"),
        "\(process.standardError)")
    }
  }

  /// The file is what tcpdump writes: the same frames come out of it.
  @Test func aFileThatTcpdumpReads() async throws {
    try await withLAN { lan, scratch in
      let file = scratch.path("frames.pcap")
      let client = lan["client"]
      try await client.addAddress("10.80.0.1/16")
      try await lan["node"].addAddress("10.80.8.150/16")
      let process = try await capture(
        on: lan["node"], "--write", file, "--count", "2", "--interface", "lan0", "10.80.8.150")
      try await client.run("arping", "-c", "2", "-w", "5", "-I", "lan0", "10.80.8.150")
      #expect(try await process.wait() == .exited(0))
      #expect(process.standardOutput.isEmpty)
      let read = try await runCommand(["tcpdump", "-n", "-e", "-r", file])
      #expect(read.succeeded, "\(read.standardError)")
      let lines = read.standardOutput.split(separator: "\n")
      #expect(lines.count == 2, "\(read.standardOutput)")
      #expect(lines.first?.contains("Request who-has 10.80.8.150 tell 10.80.0.1") ?? false)
      #expect(lines.last?.contains("Reply 10.80.8.150 is-at") ?? false)
      #expect(read.standardError.contains("EN10MB"))

      let bytes = try await runCommand(["od", "-An", "-tx4", "-N4", file])
      #expect(bytes.standardOutput.contains("a1b23c4d"), "nanoseconds")
    }
  }

  @Test func withoutADaemonEverythingCounts() async throws {
    try await withLAN { lan, scratch in
      let process = try await capture(
        on: lan["node"], "--socket", scratch.path("nobody.sock"), "--output", "json", "--count", "1"
      )
      #expect(process.standardError.contains("no announcer is running here"))
      #expect(process.standardError.contains("lan0 for all ARP and NDP"))
      try await lan["client"].addAddress("10.80.0.1/16")
      try await lan["client"].run("arping", "-0", "-c", "1", "-w", "1", "-I", "lan0", "10.80.7.7")
      #expect(try await process.wait() == .exited(0))
      let frame = try JSONValue(process.standardOutput)
      #expect(frame["kind"] == .string("arp-probe"))
      #expect(frame["target"] == .string("10.80.7.7"))
      #expect(frame["direction"] == .string("in"))
    }
  }

  @Test func whatCannotBeIsSaidInALine() async throws {
    try await withLAN { lan, scratch in
      let node = lan["node"]
      func fails(_ code: Int32, _ words: String..., arguments: String...) async throws {
        let result = try await node.run([Program.path, "capture"] + arguments)
        #expect(result.status == .exited(code), "\(result.standardError)")
        #expect(result.standardOutput.isEmpty)
        for word in words {
          #expect(result.standardError.contains(word), "\(result.standardError)")
        }
      }
      try await fails(1, "wlan9", "lan0", arguments: "--all", "--interface", "wlan9")
      try await fails(1, "lo", "Ethernet", arguments: "--all", "--interface", "lo")
      try await fails(2, "10.80.8", arguments: "10.80.8")
      try await fails(2, "--all", arguments: "--all", "10.80.8.150")
      try await fails(2, "--count", arguments: "--count", "0")
      try await fails(
        1, "cannot write", "ENOSPC", arguments: "--interface", "lan0", "--write", "/dev/full",
        "--all")
      try await fails(
        1, "cannot write", "ENOENT", arguments: "--interface", "lan0", "--write",
        scratch.path("no/such.pcap"), "--all")
      let bare = try await node.run(
        "setpriv", "--bounding-set=-all", "--inh-caps=-all", Program.path, "capture", "--all",
        "--interface", "lan0")
      #expect(bare.status == .exited(1) && bare.standardError.contains("CAP_NET_RAW"))
      try await node.ip("link", "set", "dev", "lan0", "down")
      try await fails(1, "'lan0' is down", arguments: "--all", "--interface", "lan0")
    }
  }

  /// The link goes while we listen: it is said, and the end.
  @Test func theInterfaceGoesAway() async throws {
    try await withLAN { lan, scratch in
      let node = lan["node"]
      let process = try await capture(on: node, "--all", "--interface", "lan0")
      try await node.ip("link", "delete", "dev", "lan0")
      #expect(try await process.wait() == .exited(1))
      #expect(process.standardError.contains("lan0 went down"))
    }
  }
}
