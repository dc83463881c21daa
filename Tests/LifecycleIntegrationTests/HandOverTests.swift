import LANTestKit
import Testing
import Wire

/// `announcer handover`, seen from the LAN and by whoever gives the command.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct HandOverTests {
  @Test func toAndFroWithoutALostSecond() async throws {
    try await Pair.with { pair in
      let there = try await pair.a.client.ask("handover", pairAddress)
      #expect(there.succeeded, "\(there.standardError)")
      #expect(there.standardOutput.hasPrefix("\(pairAddress) handed over to node-b in "))
      try await pair.waitForAnswers(from: pair.macB)
      let back = try await pair.b.client.ask("handover", pairAddress, "--to", "node-a")
      #expect(back.succeeded, "\(back.standardError)")
      try await pair.waitForAnswers(from: pair.macA)
      // It stays there: who gave it up does not take it back.
      try await pair.b.waitFor("standby")
      let frames = try await pair.expectTurns([pair.macA, pair.macB, pair.macA])
      for gap in frames.gaps { report("handover, gap", milliseconds: gap) }
      #expect(frames.gaps.allSatisfy { $0 < Pair.longestGap })
      #expect(pair.a.log.contains("reason=\"handed over\""))
    }
  }

  @Test func refusalsNameWhatIsWrong() async throws {
    try await Pair.with { pair in
      let cases = [
        (pair.b, [pairAddress], "does not hold \(pairAddress): node node-a holds it"),
        (pair.a, [pairAddress, "--to", "node-c"], "there is no node 'node-c'; there are: node-b"),
        (pair.a, [pairAddress, "--to", "node-a"], "is on node-a already"),
        (pair.a, ["10.80.8.151"], "is not to be announced"),
      ]
      for (node, arguments, words) in cases {
        let result = try await node.client.ask("handover", arguments)
        #expect(result.status == .exited(1))
        #expect(result.standardError.contains(words), "\(result.standardError)")
      }
      let frames = try await pair.expectTurns([pair.macA])
      #expect(frames.gaps.allSatisfy { $0 < Pair.longestGap })
    }
  }

  @Test func anAddressThatNobodyTakesComesBack() async throws {
    try await Pair.with { pair in
      // There, alive, and unable to take it.
      try await pair.lan.unplug(pair.lan["b"])
      try await pair.b.waitFor("blocked")
      let result = try await pair.a.client.ask("handover", pairAddress)
      #expect(result.status == .exited(1))
      #expect(result.standardError.contains("no other node took \(pairAddress)"))
      try await pair.a.waitFor("announcing")
    }
  }

  /// The returning node asks, some seconds after it came, for one address at a time.
  @Test func aNodeThatComesBackGetsItsShareGradually() async throws {
    let addresses = (0..<8).map { "10.80.9.\($0)" }
    try await Pair.with(addresses: addresses, rebalances: true) { pair in
      try await eventually(within: .seconds(40)) {
        try await pair.b.status().addresses(in: "announcing").count == 4
      }
      // And there it ends.
      #expect(try await pair.a.status().addresses(in: "announcing").count == 4)
      pair.asker.stop()
      let frames = try await pair.capture.stop()
      var moved: [Int64] = []
      for address in addresses {
        let seen = frames.asserting(address)
        #expect(seen.turns == [pair.macA] || seen.turns == [pair.macA, pair.macB], "\(address)")
        if let first = seen.from(pair.macB).first { moved.append(first.wallClock) }
        #expect(seen.gaps.allSatisfy { $0 < Pair.longestGap })
      }
      #expect(moved.count == 4)
      // Nothing on its return; and then never several at once.
      moved.sort()
      #expect(moved.allSatisfy { $0 - pair.start > 9_000_000_000 })
      #expect(zip(moved, moved.dropFirst()).allSatisfy { $1 - $0 > 500_000_000 })
    }
  }
}
