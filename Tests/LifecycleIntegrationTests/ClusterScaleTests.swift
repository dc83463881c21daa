import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing
import Wire

/// Many Services: how long they take, and what they cost when nothing happens.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(4)))
struct ClusterScaleTests {
  @Test func aThousandServicesAtOnceAreAnnouncedSoon() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      let node = try await cluster.start(
        "node-a", extra: "gratuitous: {schedule: [0ms], refresh: 0s}")
      let services = (0..<1000).map { number in
        Objects.service("web\(number)", Self.address(number))
      }
      let capture = try await cluster.lan["client"].capture("arp")
      let start = wallClock()
      for service in services { try server.put(service) }
      let written = wallClock()
      // Both forms of each (RFC 5227).
      await eventually(within: .seconds(30)) {
        capture.frames.count { $0.destination == .broadcast } >= 2000
      }
      #expect(try await node.status().addresses(in: "announcing").count == 1000)
      let frames = try await capture.stop().filter { $0.destination == .broadcast }
      let first = (0..<1000).compactMap { frames.asserting(Self.address($0)).first?.wallClock }
      #expect(first.count == 1000)
      let last = first.max() ?? .max
      report("1,000 Services, written within", milliseconds: Double(written - start) / 1e6)
      report("1,000 Services, all announced within", milliseconds: Double(last - start) / 1e6)
      #expect(Double(last - start) / 1e9 < 3.0)
    }
  }

  @Test func oneOfTenThousandIsAppliedAtOnce() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      for number in 0..<100 {
        try server.put(
          Objects.policy("lan\(number)", selecting: ["group": "\(number)"]))
      }
      for number in 0..<10_000 {
        try server.put(
          Objects.service(
            "web\(number)", Self.address(number), labels: ["group": "\(number % 100)"]))
      }
      let a = try await cluster.start(
        "node-a", extra: "gratuitous: {schedule: [0ms], refresh: 0s}")
      try await eventually(within: .seconds(60)) {
        try await a.status().addresses.count { $0.announcements > 0 } == 10_000
      }
      let capture = try await cluster.lan["client"].capture("arp")
      var delays: [Double] = []
      for number in 10_000..<10_010 {
        let start = wallClock()
        try server.put(
          Objects.service("web\(number)", Self.address(number), labels: ["group": "7"]))
        await eventually { !capture.frames.announcing(Self.address(number)).isEmpty }
        let first = try #require(capture.frames.announcing(Self.address(number)).first)
        delays.append(Double(first.wallClock - start) / 1e6)
      }
      let median = delays.sorted()[delays.count / 2]
      report("a new Service among 10,000, announced after (median of 10)", milliseconds: median)
      let resident = try residentKiB(of: a.process.pid)
      print("measured: resident with 10,000 Services and 100 policies: \(resident / 1024) MiB")
      #expect(resident < 150_000)
      #expect(median < 100)

      // An idle node asks for nothing, however many Services there are.
      server.forgetRequests()
      try await Task.sleep(for: .seconds(3))
      let asked = server.requests.filter { $0.resource != "events" }
      #expect(asked.isEmpty, "\(asked)")
    }
  }

  private static func address(_ number: Int) -> String {
    "10.80.\(8 + number / 250).\(number % 250 + 1)"
  }

  private func residentKiB(of pid: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(
      line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }
}
