internal import FaultCheckers
internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

/// A LAN that breaks, loses frames, or has a stranger on it.
enum LANFaults {
  static let all = [carrierLost, linkDown, splitLAN, gratuitousLost, foreignClaim, foreignClaims]

  static let carrierLost = Fault(
    name: "LAN port of the holder cut", runs: 5, quickRuns: 2, bounds: GapBounds(.seconds(1))
  ) { run in
    try await run.stage.lan.unplug(run.victim.host)
    try await run.waitForTakeover(since: run.start)
    try await run.stage.lan.plug(run.victim.host)
  }

  static let linkDown = Fault(
    name: "every matching link down", runs: 5, bounds: GapBounds(.seconds(1))
  ) { run in
    try await run.victim.host.ip("link", "set", "dev", run.victim.host.link, "down")
    try await run.waitForTakeover(since: run.start)
    try await run.victim.host.ip("link", "set", "dev", run.victim.host.link, "up")
  }

  /// Each half has nodes; the holder's half has no store.
  static let splitLAN = Fault(
    name: "split LAN, store in one half", runs: 3, quickRuns: 1,
    bounds: GapBounds(Timing.fast.crashBound)
  ) { run in
    try await run.stage.split(awayFrom: run.victim)
    try await run.victim.host.plant(.drop(.both, link: Node.storeLink))
    let planted = Instant.now
    try await run.waitForTakeover(since: planted + run.timing.deadline)
    try await run.last(.milliseconds(500))
    run.mustHaveBeenSilent(
      run.victim, from: planted + run.timing.deadline, "its lease may have expired")
    try await run.stage.join()
    try await run.victim.host.clear()
  }

  /// The neighbours have to hear of the new owner all the same.
  static let gratuitousLost = Fault(
    name: "first three gratuitous frames lost", runs: 3, bounds: GapBounds(.milliseconds(200))
  ) { run in
    let address = run.addresses[0]
    let successor = run.others[run.index % run.others.count]
    let bridge = run.stage.lan.bridge
    // Frames of 28 octets, or of 46 with padding: three or four of them.
    try await bridge.plant(
      .dropGratuitous(
        from: run.stage.lan.port(of: successor.host), for: "\(address)", octets: 3 * 46 + 1))
    try await run.victim.tell("handover", "\(address)", "--to", successor.name)
    try await run.waitForAnswers(
      [address], from: [successor], since: run.start, within: .seconds(5))
    // The third comes with the second round, 50 ms after the first.
    let lost = try await timeUntil(within: .seconds(2)) { try await bridge.droppedPackets() >= 3 }
    if lost == nil { run.complain("fewer than three gratuitous frames were dropped") }
    run.heal()
    try await bridge.clear()
  }

  /// Defended at once: the neighbours know better as soon as they have heard it.
  static let foreignClaim = Fault(
    name: "foreign host claims the address", runs: 3, bounds: GapBounds(.milliseconds(100)),
    keepsOwner: true
  ) { run in
    try await run.claim(run.addresses[0], times: 1)
  }

  /// Defended at once, and then once in DEFEND_INTERVAL (RFC 5227 §2.4): the last claim is answered
  /// no later than that.
  static let foreignClaims = Fault(
    name: "foreign host claims it for 3 s", runs: 2, bounds: GapBounds(.milliseconds(100)),
    keepsOwner: true, settling: .seconds(11)
  ) { run in
    try await run.claim(run.addresses[0], times: 20)
  }
}

extension FaultRun {
  /// Has a host that was never heard before assert an address every 150 ms.
  fileprivate func claim(_ address: IPAddress, times: Int) async throws {
    guard case .v4(let address) = address else { return }
    let stranger = MACAddress(rawValue: 0x02f0_0000_0000 | UInt64.random(in: 1...0xffff_ffff))
    for _ in 0..<times {
      try await stage.foreign.send(ProbeFrame.claim(of: address, by: stranger))
      try await last(.milliseconds(150))
    }
  }
}
