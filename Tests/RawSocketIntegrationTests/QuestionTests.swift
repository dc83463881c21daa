import Announcer
import LANTestKit
import LinuxSystem
import RawSocket
import Testing
import Time
import Wire

/// Asking the LAN whether anybody else has our addresses.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct QuestionTests {
  private let address = IPAddress("10.80.8.150")!
  private let address6 = IPAddress("2001:db8::10")!

  /// A responder on one host.
  private struct Station {
    let responder: Responder
    let index: Int32
    let mac: MACAddress

    func claims(_ addresses: [IPAddress]) -> [Claim] {
      addresses.map { Claim(address: $0, interfaceIndex: index) }
    }

    func arm(_ addresses: [IPAddress], until deadline: Instant) throws {
      try responder.replace(
        claims: claims(addresses),
        links: [LinkContext(interfaceIndex: index, hardwareAddress: mac)],
        ownHardwareAddresses: [mac], revision: 0)
      responder.extend(to: deadline)
    }
  }

  /// A LAN with a holder, a rival that is not armed yet, and a client that looks on.
  private func withStations(
    _ body: (LAN, Station, Station) async throws -> Void
  ) async throws {
    try await LAN.with(hosts: ["node", "rival", "client"]) { lan in
      try await lan["client"].addAddress("10.80.0.1/16")
      try await lan["client"].ip("address", "add", "2001:db8::1/64", "dev", "lan0", "nodad")
      func station(_ host: String) async throws -> Station {
        Station(
          responder: try await lan[host].inNamespace { try Responder() },
          index: Int32(try await #require(lan[host].linkState()).index),
          mac: try await lan[host].hardwareAddress())
      }
      let stations = [try await station("node"), try await station("rival")]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for station in stations {
          group.addTask { await withThread(named: "answer") { station.responder.answer() } }
          group.addTask { await withThread(named: "watch") { station.responder.watch() } }
        }
        defer { for station in stations { station.responder.stop() } }
        try await body(lan, stations[0], stations[1])
      }
    }
  }

  /// Asks, and waits until both addresses have been heard from a rival; how long that took.
  private func hear(_ rival: MACAddress, from node: Station) async throws -> Duration {
    let start = Instant.now
    #expect(node.responder.ask(for: node.claims([address, address6])) == 2)
    var heard: Set<IPAddress> = []
    await eventually {
      for conflict in node.responder.conflicts.take() {
        #expect(conflict.hardwareAddress == rival)
        heard.insert(conflict.address)
      }
      return heard.count == 2
    }
    #expect(heard == [address, address6])
    return .now - start
  }

  @Test func anotherAnnouncerIsHeardWithinMillisecondsBehindAShutGateToo() async throws {
    try await withStations { lan, node, rival in
      try node.arm([address, address6], until: .distantFuture)
      try rival.arm([address, address6], until: .distantFuture)
      node.responder.shut()
      var times: [Duration] = []
      for _ in 0..<5 { times.append(try await hear(rival.mac, from: node)) }
      print(
        "a rival was heard after \(times.min()!.milliseconds) to \(times.max()!.milliseconds) ms")
      #expect(times.min()! < .milliseconds(50))
      // The rival has heard nothing: a question asserts nothing.
      #expect(rival.responder.conflicts.take().isEmpty)
      #expect(rival.responder.counts(of: address)?.answers == 5)
    }
  }

  @Test func aHostThatHasTheAddressIsHeard() async throws {
    try await withStations { lan, node, rival in
      try await lan["rival"].addAddress("10.80.8.150/16")
      try await lan["rival"].ip("address", "add", "2001:db8::10/64", "dev", "lan0", "nodad")
      try node.arm([address, address6], until: .distantFuture)
      _ = try await hear(rival.mac, from: node)
    }
  }

  @Test func questionsTeachNobodyAnything() async throws {
    try await withStations { lan, node, rival in
      try node.arm([address, address6], until: .distantFuture)
      let capture = try await lan["client"].capture()
      for address in [address, address6] {
        try await lan["client"].sendDatagram(to: "\(address)")
        #expect(try await hardwareAddress(of: address, on: lan["client"]) == node.mac)
      }
      // The client's own address is known to nobody; the holder's questions must not change that.
      let before = try await entries(of: lan["client"])
      #expect(node.responder.ask(for: node.claims([address, address6])) == 2)
      await eventually { capture.frames.count { isQuestion($0, from: node.mac) } == 2 }
      #expect(try await entries(of: lan["client"]) == before)
      #expect(try await entries(of: lan["rival"]).isEmpty)
      #expect(node.responder.conflicts.take().isEmpty)

      // Now with a rival: its answer to the ARP probe goes to us alone.
      try rival.arm([address], until: .distantFuture)
      #expect(node.responder.ask(for: node.claims([address])) == 1)
      await eventually { !node.responder.conflicts.take().isEmpty }
      #expect(try await hardwareAddress(of: address, on: lan["client"]) == node.mac)
      #expect(
        try await capture.stop().allSatisfy { $0.source != rival.mac || !$0.asserts(address) })
    }
  }

  @Test func nothingIsAskedForWhatIsNotArmed() async throws {
    try await withStations { lan, node, rival in
      let claims = node.claims([address, address6])
      #expect(node.responder.ask(for: claims) == 0)
      try node.arm([address6], until: .distantFuture)
      let capture = try await lan["client"].capture()
      #expect(node.responder.ask(for: claims) == 1)
      node.responder.silence()
      #expect(node.responder.ask(for: claims) == 0)
      await eventually { capture.frames.contains { isQuestion($0, from: node.mac) } }
      #expect(try await capture.stop().count { isQuestion($0, from: node.mac) } == 1)
    }
  }

  private func isQuestion(_ frame: CapturedFrame, from mac: MACAddress) -> Bool {
    guard frame.source == mac else { return false }
    if let arp = frame.arp {
      return arp.operation == 1 && arp.sender == .any && arp.targetHardware == .zero
        && IPAddress.v4(arp.target) == address
    }
    guard let message = frame.neighbourDiscovery else { return false }
    return message.type == 135 && message.source == .any && message.linkLayerOption == nil
      && IPAddress.v6(message.target) == address6
  }

  /// Addresses and what is known of them; the states change with time.
  private func entries(of host: Host) async throws -> [String: MACAddress?] {
    let ours = try await host.neighbours().filter { !$0.address.hasPrefix("fe80") }
    return Dictionary(uniqueKeysWithValues: ours.map { ($0.address, $0.hardwareAddress) })
  }

  private func hardwareAddress(of address: IPAddress, on host: Host) async throws -> MACAddress? {
    var found: MACAddress?
    _ = try await timeUntil(within: .seconds(5)) {
      found = try await host.neighbour("\(address)")?.hardwareAddress
      return found != nil
    }
    return found
  }
}
