import Control
import FoundationEssentials
import LANTestKit
import Testing
import Wire

extension Scenarios {
  /// Many addresses at once, and a LAN that is busy with other things (S15, S16).
  @Suite(.needsLAN, .timeLimit(.minutes(2)))
  struct LoadTests {
    @Test("S15: 1,000 addresses gained at once are announced in turn, and answered meanwhile")
    func aThousandAddressesAreAnnouncedInTurn() async throws {
      try await Scenario.with(hosts: ["node", "client"]) { scenario in
        let client = scenario["client"]
        let mac = try await scenario["node"].hardwareAddress()
        let first = IPv4Address("10.80.8.0")!
        let addresses = (0..<1000).map { IPv4Address(rawValue: first.rawValue + UInt32($0)) }
        let capture = try await client.capture("arp")
        func announcements(_ frames: [CapturedFrame]) -> [CapturedFrame] {
          frames.filter { frame in
            frame.source == mac && (frame.arp.map { $0.sender == $0.target } ?? false)
          }
        }
        let daemon = try scenario.launch(on: "node", Settings("\(first)-\(addresses[999])"))
        await eventually(within: .seconds(30), "\(daemon.log)") {
          !announcements(capture.frames).isEmpty
        }
        // Meanwhile: each round of 1,000 addresses takes two seconds.
        try await daemon.waitUntilAnnouncing()
        let clientMAC = try await client.hardwareAddress()
        let asker = IPv4Address("10.80.0.1")!
        let questions = try await Traffic.frames(
          addresses.reversed().map { ARPFrame(whoHas: $0, tell: asker, at: clientMAC).octets },
          from: client, every: .milliseconds(1), limit: 1000)
        await eventually(within: .seconds(60)) {
          announcements(capture.frames).count >= 4000 && questions.sent == 1000
        }
        let frames = try await capture.stop()

        // Each round is two frames, 1 ms each: never faster, over stretches long enough that the
        // kernel's timestamps of a busy machine do not matter.
        let sent = announcements(frames)
        try #require(sent.count >= 4000)
        for (earlier, later) in zip(sent, sent.dropFirst(200)).prefix(3000) {
          #expect(later - earlier >= .milliseconds(160))
          if later - earlier < .milliseconds(160) { break }
        }
        // Nobody is heard twice before everybody was heard once; then in the same way.
        for round in 0..<2 {
          let heard = sent[round * 2000..<(round + 1) * 2000].compactMap(\.arp)
          #expect(Set(heard.map(\.sender)).count == 1000, "round \(round)")
          #expect(heard.filter { $0.operation == 1 }.count == 1000, "round \(round)")
        }
        let answered = Set(
          frames.compactMap { frame in
            frame.arp.flatMap { $0.operation == 2 && $0.target == asker ? $0.sender : nil }
          })
        #expect(answered.count == 1000)
        let rounds = try #require(sent.dropFirst(1999).first)
        let meanwhile = frames.filter {
          $0.arp?.target == asker && $0.arp?.operation == 2 && $0.wallClock < rounds.wallClock
        }
        #expect(!meanwhile.isEmpty, "answers wait until all is announced")
        let status = try await daemon.status()
        #expect(status.addresses.count == 1000)
        #expect(status.addresses.allSatisfy { $0.answers == 1 }, "\(status.ignored)")
      }
    }

    /// Processor time that the threads of this name have used; the kernel counts in 1/100 s.
    private func processorTime(of pid: Int32, threads name: String) throws -> Duration {
      let tasks = "/proc/\(pid)/task"
      let ticks = try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) {
        let text = try String(contentsOfFile: "\(tasks)/\($1)/stat", encoding: .utf8)
        // After the name in parentheses: state is field 3, utime and stime are fields 14 and 15.
        guard text.contains("(\(name))"), let end = text.lastIndex(of: ")") else { return $0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return $0 + (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
      }
      return .milliseconds(10 * ticks)
    }

    @Test("S16: 20,000 irrelevant requests a second do not wake the responder")
    func irrelevantRequestsDoNotWakeTheResponder() async throws {
      try await Scenario.with(hosts: ["node", "client", "crowd"]) { scenario in
        let (client, crowd) = (scenario["client"], scenario["crowd"])
        var settings = Settings("10.80.8.150", "10.80.8.160-10.80.8.169", "2001:db8::10")
        settings.schedule = ["0ms"]
        let daemon = try await scenario.start(on: "node", settings)
        try await daemon.waitUntilAnnouncing()
        let mac = try await scenario["node"].hardwareAddress()
        let crowdMAC = try await crowd.hardwareAddress()
        // Near ours, and not ours.
        let noise = (170...249).map {
          ARPFrame(
            whoHas: IPv4Address("10.80.8.\($0)")!, tell: IPv4Address("10.80.0.2")!, at: crowdMAC
          ).octets
        }
        let asker = IPv4Address("10.80.0.1")!
        let question = ARPFrame(
          whoHas: IPv4Address("10.80.8.150")!, tell: asker, at: try await client.hardwareAddress())
        let capture = try await client.capture("arp and host 10.80.0.1")
        let before = try processorTime(of: daemon.process.pid, threads: "answer")
        let start = ContinuousClock.now
        let flood = try await Traffic.frames(noise, from: crowd, every: .microseconds(50))
        let questions = try await Traffic.frames(
          [question.octets], from: client, every: .milliseconds(20))
        await eventually(within: .seconds(60)) {
          flood.sent >= 100_000 && ContinuousClock.now - start >= .seconds(5)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let used = try processorTime(of: daemon.process.pid, threads: "answer") - before
        flood.stop()
        questions.stop()
        func answers() -> [CapturedFrame] {
          capture.frames.filter { $0.source == mac && $0.arp?.target == asker }
        }
        // A request that found no processor for 100 ms is dropped as stale, by design: a machine that
        // is busy with other tests may do that to a few.
        var stale = 0
        try await eventually("\(answers().count) answers, \(stale) stale of \(questions.sent)") {
          stale = Int(try await daemon.status().ignored["stale", default: 0])
          return answers().count + stale == questions.sent
        }
        #expect(stale * 2 <= questions.sent)
        #expect(used / .seconds(1) < 0.05 * seconds, "\(used) of \(seconds) s")
        _ = try await capture.stop()
        #expect(try await daemon.status().ignored["target-not-claimed"] == nil)
      }
    }
  }
}
