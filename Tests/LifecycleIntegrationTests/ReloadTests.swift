import FoundationEssentials
import LANTestKit
import Testing
import Wire

/// SIGHUP: a good file is applied as a difference, a bad one changes nothing.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ReloadTests {
  @Test func whatStaysIsNeitherInterruptedNorAnnouncedAgain() async throws {
    try await withLAN { lan, scratch in
      let capture = try await lan["client"].capture("arp")
      let quiet = "gratuitous: {schedule: [0ms], refresh: 0s}"
      var settings = Node.Settings(addresses: ["10.80.8.1", "10.80.8.2"], extra: quiet)
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing", "10.80.8.1")
      try await node.waitFor("announcing", "10.80.8.2")
      await eventually { capture.frames.announcing("10.80.8.1").count == 2 }
      let asker = try await Asker(on: lan["client"], for: ["10.80.8.1"])
      await eventually { capture.frames.asserting("10.80.8.1").count >= 5 }
      let since = try await node.status().addresses.first?.announcements

      let start = wallClock()
      settings.addresses = ["10.80.8.1", "10.80.8.3"]
      try node.reload(settings)
      await eventually { capture.frames.announcing("10.80.8.3").count == 2 }
      try await node.waitForLog("reloaded", "added=1", "removed=1")
      #expect(try await node.address("10.80.8.2") == nil)
      #expect(try await node.address("10.80.8.1")?.announcements == since)
      #expect(capture.frames.announcing("10.80.8.1").after(start).isEmpty)
      #expect(try await node.status().configuration.error == nil)

      // The one that went is silent; the one that came answers.
      let second = try await Asker(on: lan["client"], for: ["10.80.8.2", "10.80.8.3"])
      let asked = wallClock()
      await eventually { capture.frames.asserting("10.80.8.3").after(asked).count >= 10 }
      second.stop()
      asker.stop()
      let frames = try await capture.stop()
      #expect(frames.asserting("10.80.8.2").after(asked).isEmpty)
      let steady = frames.asserting("10.80.8.1").after(start)
      let pauses = zip(steady, steady.dropFirst()).map { $1.wallClock - $0.wallClock }
      report(
        "longest pause in answers over a reload", milliseconds: Double(pauses.max() ?? 0) / 1e6)
      #expect(pauses.allSatisfy { $0 < 250_000_000 })
    }
  }

  @Test func aBadFileNeverStopsTheDaemon() async throws {
    try await withLAN { lan, scratch in
      let settings = Node.Settings()
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing")
      let loaded = try await node.status().configuration.loadedAt
      let bad = [
        ("interface: [lan0]\n", "did you mean `interfaces`"),
        ("announcements: {addresses: 7\n", "a.yaml:"),
        ("", "the file is empty"),
        ("\u{0}\u{1}", "a.yaml:"),
        ("interfaces: [\"(\"]\nannouncements: [{addresses: [10.80.8.150]}]\n", "interfaces[0]"),
      ]
      for (text, words) in bad {
        try node.reload(text: text)
        var error: String?
        try await eventually("\(words) is not in status: \(error ?? "no error")") {
          error = try await node.status().configuration.error
          return error?.contains(words) == true
        }
        #expect(error?.contains(node.configuration) == true)
        #expect(try await node.address()?.state == "announcing")
        #expect(try await node.status().configuration.loadedAt == loaded)
      }
      try await node.waitForLog("configuration refused, the old one stays in force", "interface")
      try node.reload(settings)
      try await eventually { try await node.status().configuration.error == nil }
      try await node.waitFor("announcing")
      // The file itself gone: refused too.
      try FileManager.default.removeItem(atPath: node.configuration)
      node.process.signal(1)
      try await eventually {
        try await node.status().configuration.error?.contains("no such file") == true
      }
      let text = try await node.client.ask("status").standardOutput
      #expect(text.contains("refused") && text.contains("stays in force"), "\(text)")
      try node.reload(settings)
      try await eventually { try await node.status().configuration.error == nil }
      #expect(try await node.address()?.state == "announcing")
      #expect(node.process.isRunning)
    }
  }

  /// A file in which keys have changed that only a restart changes is refused as a whole: its addresses would
  /// be announced under the old lease, by several nodes.
  @Test func whatNeedsARestartIsRefusedAsAWhole() async throws {
    try await withLAN { lan, scratch in
      var settings = Node.Settings()
      let notify = try NotifySocket(path: scratch.path("notify"))
      let node = try await Node.start(
        on: lan["node"], in: scratch, settings, environment: ["NOTIFY_SOCKET": notify.path])
      try await node.waitFor("announcing")
      settings.name = "another"
      settings.leaseDirectory = scratch.path("elsewhere")
      settings.addresses = ["10.80.8.150", "10.80.8.151"]
      try node.reload(settings)
      try await eventually {
        let error = try await node.status().configuration.error ?? ""
        return ["`node` changed", "`lease` changed", "systemctl restart announcer"]
          .allSatisfy(error.contains)
      }
      #expect(try await node.status().node == "node-a")
      #expect(try await node.address("10.80.8.151") == nil)
      #expect(!scratch.exists("elsewhere"))
      await eventually {
        notify.last("STATUS=")
          == "announcing 1 of 1 addresses, the new configuration needs a restart"
      }
      // With the old lease and name, the addresses come.
      settings.name = "node-a"
      settings.leaseDirectory = nil
      try node.reload(settings)
      try await node.waitFor("announcing", "10.80.8.151")
      #expect(try await node.status().configuration.error == nil)
      await eventually { notify.last("STATUS=") == "announcing 2 of 2 addresses" }
      withExtendedLifetime(notify) {}
    }
  }

  @Test func tenThousandAddresses() async throws {
    try await withLAN { lan, scratch in
      let capture = try await lan["client"].capture("arp")
      let quiet = "gratuitous: {schedule: [0ms], refresh: 0s, spacing: 0ms}"
      var settings = Node.Settings(addresses: ["10.80.8.150"], extra: quiet)
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing")
      await eventually { capture.frames.announcing("10.80.8.150").count == 2 }
      let start = wallClock()
      settings.addresses = ["10.80.8.150", "10.81.0.0-10.81.39.15"]
      try node.reload(settings)
      try await node.waitForLog("reloaded", "added=10000", within: .seconds(30))
      // The last of all answers.
      let asker = try await Asker(
        on: lan["client"], for: ["10.81.39.15"], every: .milliseconds(20))
      await eventually(within: .seconds(60)) {
        capture.frames.last { $0.asserts(IPAddress("10.81.39.15")!) } != nil
      }
      asker.stop()
      report(
        "10,000 addresses added by a reload until the last answers",
        milliseconds: Double(wallClock() - start) / 1e6)
      try await eventually(within: .seconds(30)) {
        try await node.status().addresses(in: "announcing").count == 10_001
      }
      #expect(capture.frames.announcing("10.80.8.150").after(start).isEmpty)
      settings.addresses = ["10.80.8.150"]
      let removed = wallClock()
      try node.reload(settings)
      try await node.waitForLog("reloaded", "removed=10000", within: .seconds(30))
      try await eventually(within: .seconds(30)) {
        try await node.status().addresses.map(\.address) == ["10.80.8.150"]
      }
      report("10,000 addresses removed", milliseconds: Double(wallClock() - removed) / 1e6)
      #expect(try await node.address()?.state == "announcing")
      #expect(capture.frames.announcing("10.80.8.150").after(start).isEmpty)
    }
  }
}
