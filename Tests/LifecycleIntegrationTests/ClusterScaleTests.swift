import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing
import Wire

/// Many Services: how long they take, and what they cost when nothing happens. The figures are the release
/// build's (`make figures`); otherwise a fifth of the Services have to do.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ClusterScaleTests {
  @Test func aThousandServicesAtOnceAreAnnouncedSoon() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      for number in 0..<thousand {
        try server.put(Objects.service("web\(number)", Self.address(number)))
      }
      // One that selects none of them, so that the kind is not unknown.
      try server.put(Objects.policy(selecting: ["some": "other"]))
      let node = try await cluster.start(
        "node-a", extra: "gratuitous: {schedule: [0ms], refresh: 0s}")
      let capture = try await cluster.lan["client"].capture("arp")
      let start = wallClock()
      try server.put(Objects.policy())
      // Both forms of each (RFC 5227).
      await eventually(within: .seconds(60)) {
        capture.frames.count { $0.destination == .broadcast && !$0.isProbe } >= thousand * 2
      }
      #expect(try await node.status().addresses(in: "announcing").count == thousand)
      let frames = try await capture.stop().filter { $0.destination == .broadcast && !$0.isProbe }
      let first = (0..<thousand).compactMap { frames.asserting(Self.address($0)).first?.wallClock }
      #expect(first.count == thousand)
      let last = first.max() ?? .max
      report("\(thousand) Services, all announced within", milliseconds: Double(last - start) / 1e6)
      // Beside other tests times say little.
      #expect(Double(last - start) / 1e9 < (Program.isMeasured ? 3 : 10))
    }
  }

  @Test func oneOfTenThousandIsAppliedAtOnce() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      for number in 0..<100 {
        try server.put(
          Objects.policy("lan\(number)", selecting: ["group": "\(number)"]))
      }
      for number in 0..<myriad {
        try server.put(
          Objects.service(
            "web\(number)", Self.address(number), labels: ["group": "\(number % 100)"]))
      }
      let a = try await cluster.start(
        "node-a", extra: "gratuitous: {schedule: [0ms], refresh: 0s}")
      try await eventually(within: .seconds(120)) {
        try await a.status().addresses.count { $0.announcements > 0 } == myriad
      }
      let capture = try await cluster.lan["client"].capture("arp")
      var delays: [Double] = []
      for number in myriad..<myriad + 10 {
        let start = wallClock()
        try server.put(
          Objects.service("web\(number)", Self.address(number), labels: ["group": "7"]))
        await eventually { !capture.frames.announcing(Self.address(number)).isEmpty }
        let first = try #require(capture.frames.announcing(Self.address(number)).first)
        delays.append(Double(first.wallClock - start) / 1e6)
      }
      let median = delays.sorted()[delays.count / 2]
      report("a new Service among \(myriad), announced after (median of 10)", milliseconds: median)
      let resident = try ProcessFigures.residentKiB(of: a.process.pid)
      print("measured: resident with \(myriad) Services and 100 policies: \(resident / 1024) MiB")
      #expect(resident < 150_000)
      #expect(median < (Program.isMeasured ? 100 : 1000))

      // An idle node asks for nothing, however many Services there are.
      server.forgetRequests()
      try await Task.sleep(for: .seconds(3))
      let asked = server.requests.filter { $0.resource != "events" }
      #expect(asked.isEmpty, "\(asked)")
    }
  }

  private let thousand = Program.isMeasured ? 1000 : 200
  private let myriad = Program.isMeasured ? 10_000 : 1000

  private static func address(_ number: Int) -> String {
    "10.80.\(8 + number / 250).\(number % 250 + 1)"
  }
}
