import LANTestKit
import Testing
import Wire

/// The address that a pair hands to and fro.
let pairAddress = "10.80.8.150"

/// A LAN with `a`, which holds the addresses, `b`, which stands by, and a client that asks for them
/// every 2 ms.
struct Pair {
  let lan: LAN
  let scratch: Scratch
  let a: Node
  let b: Node
  let macA: MACAddress
  let macB: MACAddress
  let capture: Capture
  let asker: Asker
  /// When `b` was started.
  let start: Int64

  static func with(
    addresses: [String] = [pairAddress], rebalances: Bool = false,
    _ body: (Pair) async throws -> Void
  ) async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      let capture = try await lan["client"].capture("arp")
      let asker = try await Asker(on: lan["client"], for: addresses, every: .milliseconds(2))
      let a = try await Node.start(
        on: lan["a"], in: scratch,
        Node.Settings(name: "node-a", addresses: addresses, rebalances: rebalances), label: "a")
      for address in addresses { try await a.waitFor("announcing", address) }
      let start = wallClock()
      let b = try await Node.start(
        on: lan["b"], in: scratch,
        Node.Settings(name: "node-b", addresses: addresses, rebalances: rebalances), label: "b")
      for address in addresses { try await b.waitFor("standby", address) }
      #expect(try await b.address(addresses[0])?.holder == "node-a")
      let pair = Pair(
        lan: lan, scratch: scratch, a: a, b: b, macA: try await lan["a"].hardwareAddress(),
        macB: try await lan["b"].hardwareAddress(), capture: capture, asker: asker,
        start: start)
      try await pair.waitForAnswers(from: pair.macA, addresses[0])
      try await body(pair)
      asker.stop()
    }
  }

  /// Milliseconds without an answer in a planned change. It takes some ten; beside three other tests on two
  /// processors a process may wait a second for its turn, and a lease that has to run out takes longer.
  static let longestGap = 1500.0

  /// Waits until `mac` has answered since `start`.
  func waitForAnswers(
    from mac: MACAddress, since start: Int64 = wallClock(), _ address: String = pairAddress,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    await eventually(
      within: .seconds(10), "no answers from \(mac)\nA:\n\(a.log)\nB:\n\(b.log)",
      sourceLocation: sourceLocation
    ) {
      capture.frames.asserting(address).after(start).from(mac).count >= 3
    }
  }

  /// The whole capture: who asserted the address, in turns.
  func expectTurns(
    _ expected: [MACAddress], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [CapturedFrame] {
    asker.stop()
    let frames = try await capture.stop().asserting(pairAddress)
    #expect(frames.turns == expected, sourceLocation: sourceLocation)
    return frames
  }
}
