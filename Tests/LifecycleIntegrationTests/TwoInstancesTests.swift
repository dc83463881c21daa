import FoundationEssentials
import Glibc
import LANTestKit
import Testing
import Wire

/// Two daemons that share one lease directory: lease.md §2 and §6, seen from the LAN.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct TwoInstancesTests {
  private let address = pairAddress

  @Test func aKilledHolderIsReplaced() async throws {
    try await Pair.with { pair in
      let start = wallClock()
      pair.a.process.signal(SIGKILL)
      try await pair.waitForAnswers(from: pair.macB, since: start)
      let frames = try await pair.expectTurns([pair.macA, pair.macB])
      let gap = Double((frames.from(pair.macB).first?.wallClock ?? .max) - start) / 1e6
      report("SIGKILL to the successor's first frame", milliseconds: gap)
      // Under 100 ms is the rule; the rest is for shared cores and a debug build.
      #expect(gap < 500)
      #expect(try await pair.b.address()?.state == "announcing")
      #expect(try await pair.b.address()?.holder == "node-b")
    }
  }

  @Test func aTerminatedHolderIsSilentBeforeItReleases() async throws {
    try await Pair.with { pair in
      let start = wallClock()
      pair.a.process.signal(SIGTERM)
      try await pair.waitForAnswers(from: pair.macB, since: start)
      #expect(try await pair.a.process.wait() == .exited(0))
      let frames = try await pair.expectTurns([pair.macA, pair.macB])
      report("SIGTERM to the successor's first frame, gap", milliseconds: frames.gaps.last ?? -1)
      #expect(frames.gaps.allSatisfy { $0 < Pair.longestGap })
      #expect(!pair.scratch.exists("a.sock"))
      #expect(pair.a.log.contains("reason=\"shutting down\""))
    }
  }

  /// Releasing thousands of claims takes time; all of them are silent before the first is released.
  @Test func thousandsAreSilentBeforeTheFirstIsReleased() async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      let capture = try await lan["client"].capture("arp")
      let quiet = "gratuitous: {schedule: [0ms], refresh: 0s, spacing: 0ms}"
      func settings(_ name: String) -> Node.Settings {
        Node.Settings(name: name, addresses: ["10.90.0.0/20"], extra: quiet)
      }
      let a = try await Node.start(on: lan["a"], in: scratch, settings("node-a"), label: "a")
      try await eventually(within: .seconds(30)) {
        try await a.status().addresses(in: "announcing").count == 4096
      }
      let b = try await Node.start(on: lan["b"], in: scratch, settings("node-b"), label: "b")
      try await eventually(within: .seconds(30)) {
        try await b.status().addresses(in: "standby").count == 4096
      }
      let asked = (0..<16).map { "10.90.\($0).7" }
      let asker = try await Asker(on: lan["client"], for: asked, every: .milliseconds(1))
      let start = wallClock()
      await eventually { capture.frames.after(start).asserting(asked[0]).count > 5 }
      a.process.signal(SIGTERM)
      #expect(try await a.process.wait() == .exited(0))
      let macs = (
        a: try await lan["a"].hardwareAddress(), b: try await lan["b"].hardwareAddress()
      )
      await eventually(within: .seconds(30)) {
        asked.allSatisfy { !capture.frames.asserting($0).from(macs.b).isEmpty }
      }
      asker.stop()
      let frames = try await capture.stop()
      let last = try #require(frames.from(macs.a).last)
      let first = try #require(frames.from(macs.b).first { $0.arp != nil && !$0.isProbe })
      report(
        "SIGTERM with 4096 addresses: silence before the successor's first frame",
        milliseconds: Double(first.wallClock - last.wallClock) / 1e6)
      #expect(last.wallClock < first.wallClock, "both speak for a while")
    }
  }

  /// Thirty addresses change hands ten times, by SIGTERM and by SIGKILL, and never two at once.
  @Test func manyAddressesAndManyChanges() async throws {
    let addresses = (0..<30).map { "10.80.9.\($0)" }
    try await Pair.with(addresses: addresses) { pair in
      var holder = pair.a
      var other = pair.b
      var otherMAC = pair.macB
      var holderMAC = pair.macA
      for round in 0..<4 {
        let start = wallClock()
        holder.process.signal(round % 2 == 0 ? SIGTERM : SIGKILL)
        _ = try await holder.process.wait()
        for address in addresses {
          try await pair.waitForAnswers(from: otherMAC, since: start, address)
        }
        let again = try await Node.start(
          on: holder.host, in: pair.scratch,
          Node.Settings(name: "node-\(holder.host.name)", addresses: addresses),
          label: holder.host.name)
        (holder, other) = (other, again)
        (holderMAC, otherMAC) = (otherMAC, holderMAC)
        for address in addresses.suffix(1) { try await other.waitFor("standby", address) }
      }
      pair.asker.stop()
      let frames = try await pair.capture.stop()
      for address in addresses {
        #expect(
          frames.asserting(address).turns
            == [pair.macA, pair.macB, pair.macA, pair.macB, pair.macA], "\(address)")
      }
    }
  }

  /// A frozen holder keeps its lock: nobody else answers, and what was asked meanwhile is not
  /// answered late.
  @Test func aFrozenHolderKeepsItsLockAndDropsStaleRequests() async throws {
    try await Pair.with { pair in
      pair.a.process.freeze()
      let frozen = wallClock()
      // The standby is alive and asked all the time; a question to its kernel marks the time.
      try await pair.lan["b"].addAddress("10.80.0.3/16")
      let marker = try await Asker(
        on: pair.lan["client"], for: ["10.80.0.3"], every: .milliseconds(20))
      await eventually { pair.capture.frames.asserting("10.80.0.3").count >= 40 }
      marker.stop()
      #expect(try await pair.b.address()?.state == "standby")
      #expect(
        pair.capture.frames.asserting(address).after(frozen + 50_000_000).isEmpty)

      // Stop asking, so that every answer after this is one to a request from before.
      pair.asker.stop()
      let stopped = wallClock()
      await eventually { wallClock() - stopped > 150_000_000 }
      let thawed = wallClock()
      pair.a.process.thaw()
      try await eventually { try await pair.a.status().ignored["stale"] ?? 0 > 10 }
      let late = pair.capture.frames.asserting(address).after(thawed)
        .filter { $0.destination != .broadcast }
      #expect(late.isEmpty, "\(late.count) late answers")
      // And it goes on: fresh requests are answered by the same holder.
      let asker = try await Asker(on: pair.lan["client"], for: [address])
      try await pair.waitForAnswers(from: pair.macA)
      asker.stop()
      _ = try await pair.expectTurns([pair.macA])
    }
  }

  @Test func theSameNodeNameTwice() async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      let capture = try await lan["client"].capture("arp")
      let a = try await Node.start(on: lan["a"], in: scratch, label: "a")
      try await a.waitFor("announcing")
      let session = try await a.status().session
      let b = try await Node.start(on: lan["b"], in: scratch, label: "b", waits: false)
      try await b.waitForLog("belongs to another session", session)
      try await b.waitFor("blocked")
      #expect(try await b.address()?.reason?.contains(session) == true)
      let status = try await b.status()
      #expect(!status.ready)
      #expect(status.lease.error?.contains(session) == true)
      #expect(status.lease.error?.contains("pid \(a.process.pid)") == true)
      let text = try await b.client.ask("status")
      #expect(text.standardOutput.contains(session))
      let start = wallClock()
      a.process.signal(SIGKILL)
      try await b.waitFor("announcing")
      #expect(try await b.status().ready)
      #expect(try await b.status().session != session)
      let frames = try await capture.stop().asserting(address)
      let macs = [
        try await lan["a"].hardwareAddress(), try await lan["b"].hardwareAddress(),
      ]
      #expect(frames.turns == macs)
      if let first = frames.from(macs[1]).first {
        report(
          "SIGKILL to the namesake's first frame",
          milliseconds: Double(first.wallClock - start) / 1e6)
      }
    }
  }

  @Test func drainAndUndrainMoveAddresses() async throws {
    try await Pair.with { pair in
      let drained = try await pair.a.client.ask("drain", "--output", "json")
      #expect(drained.succeeded, "\(drained.standardError)")
      #expect(try NodeStatus(drained.standardOutput).drained)
      try await pair.waitForAnswers(from: pair.macB)
      try await pair.a.waitFor("blocked")
      #expect(try await pair.a.address()?.reason?.contains("undrain") == true)
      #expect(try await pair.a.address()?.holder == "node-b")
      #expect(try await pair.a.client.ask("undrain").succeeded)
      // It competes again, and takes nothing back while the other holds.
      try await pair.a.waitFor("standby")
      #expect(try await !pair.a.status().drained)
      let second = try await pair.b.client.ask("drain")
      #expect(second.status == .exited(0))
      #expect(second.standardOutput == "drained: node-a took 1 address\n", "\(second)")
      // When the command ends, it is so.
      #expect(try await pair.b.address()?.holder == "node-a")
      try await pair.waitForAnswers(from: pair.macA)
      let frames = try await pair.expectTurns([pair.macA, pair.macB, pair.macA])
      for gap in frames.gaps { report("drain, gap", milliseconds: gap) }
      #expect(frames.gaps.allSatisfy { $0 < Pair.longestGap })
    }
  }

  /// Nothing is left to answer: that is not a success, and nobody waits for it.
  @Test func drainingTheLastNodeSaysWhatIsSilent() async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(on: lan["node"], in: scratch)
      try await node.waitFor("announcing")
      let start = ContinuousClock.now
      let drained = try await node.client.ask("drain")
      #expect(drained.status == .exited(1))
      #expect(drained.standardOutput.isEmpty, "\(drained.standardOutput)")
      #expect(
        drained.standardError.hasPrefix(
          "announcer: drained, and nobody took 1 address: 10.80.8.150; with `lease.backend: local` no other machine can\n"
        ), "\(drained.standardError)")
      #expect(ContinuousClock.now - start < .seconds(4))
      #expect(try await node.address()?.holder == nil)
      let again = try await node.client.ask("drain")
      #expect(again.status == .exited(0))
      #expect(again.standardOutput == "drained: nothing was announced here\n")
    }
  }

  @Test func aClaimFileDeletedUnderItsHolder() async throws {
    try await Pair.with { pair in
      var deletions: [Int64] = []
      for _ in 0..<5 {
        let start = wallClock()
        deletions.append(start)
        try FileManager.default.removeItem(atPath: pair.scratch.path("claims/\(address).claim"))
        await eventually("nobody answers after the deletion") {
          pair.capture.frames.asserting(address).after(start + 200_000_000).count >= 3
        }
        var owners: [String] = []
        try await eventually("announcing: \(owners)") {
          owners = []
          for node in [pair.a, pair.b] {
            let status = try await node.status()
            if status.addresses(in: "announcing") == [address] { owners.append(status.node) }
          }
          return owners.count == 1
        }
      }
      pair.asker.stop()
      let frames = try await pair.capture.stop().asserting(address)
      // Each deletion changes the owner once at most: never do two speak in turns.
      #expect(frames.turns.count <= 6, "\(frames.turns)")
      for gap in frames.gaps { report("claim deleted, gap", milliseconds: gap) }
      // The former holder's last frame and the next one's first are well apart, even where both are
      // the same node: that time is all that keeps two nodes from speaking at once.
      for deletion in deletions {
        let near = frames.after(deletion - 50_000_000).filter {
          $0.wallClock < deletion + 500_000_000
        }
        let pauses = zip(near, near.dropFirst()).map { $1.wallClock - $0.wallClock }
        #expect(pauses.max() ?? 0 > 50_000_000)
      }
    }
  }

  @Test func theHoldersCarrierIsLost() async throws {
    try await Pair.with { pair in
      let start = wallClock()
      try await pair.lan.unplug(pair.lan["a"])
      try await pair.waitForAnswers(from: pair.macB, since: start)
      try await pair.a.waitFor("blocked")
      #expect(try await pair.a.address()?.holder == "node-b")
      try await pair.lan.plug(pair.lan["a"])
      try await pair.a.waitFor("standby")
      let frames = try await pair.expectTurns([pair.macA, pair.macB])
      report("carrier of the holder lost, gap", milliseconds: frames.gaps.last ?? -1)
      #expect(frames.gaps.allSatisfy { $0 < Pair.longestGap })
    }
  }
}
