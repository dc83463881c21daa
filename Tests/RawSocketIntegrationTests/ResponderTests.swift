import Announcer
import CAllocationCounter
import LANTestKit
import LinuxSystem
import RawSocket
import Testing
import Time
import Wire

/// The responder on a real link, asked by a real Linux host.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct ResponderTests {
  private let address = IPAddress("10.80.8.150")!
  private let address6 = IPAddress("2001:db8::10")!

  /// A LAN with a responder on `node` that answers for both addresses.
  private func withResponder(
    _ body: (LAN, Responder, @Sendable ([IPAddress], Instant) throws -> Void) async throws -> Void
  ) async throws {
    try await LAN.with(hosts: ["node", "client"]) { lan in
      try await lan["client"].addAddress("10.80.0.1/16")
      let mac = try await lan["node"].hardwareAddress()
      let index = Int32(try await #require(lan["node"].linkState()).index)
      let responder = try await lan["node"].inNamespace { try Responder() }
      let arm: @Sendable ([IPAddress], Instant) throws -> Void = { addresses, deadline in
        try responder.replace(
          claims: addresses.map { Claim(address: $0, interfaceIndex: index) },
          links: [LinkContext(interfaceIndex: index, hardwareAddress: mac)],
          ownHardwareAddresses: [mac], revision: 0)
        responder.extend(to: deadline)
      }
      try arm([address, address6], .distantFuture)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await withThread(named: "answer") { responder.answer() } }
        group.addTask { await withThread(named: "watch") { responder.watch() } }
        defer { responder.stop() }
        try await body(lan, responder, arm)
      }
    }
  }

  private func isAnswered(_ client: Host, _ address: IPAddress) async throws -> Bool {
    address.isIPv6
      ? try await client.run("ndisc6", "-q", "-1", "-r", "1", "-w", "500", "\(address)", "lan0")
        .succeeded
      : try await client.run("arping", "-q", "-c", "1", "-w", "1", "-i", "lan0", "\(address)")
        .succeeded
  }

  @Test func arpingAndNdisc6GetTheLinksHardwareAddress() async throws {
    try await withResponder { lan, responder, _ in
      let mac = try await lan["node"].hardwareAddress()
      let arping = try await lan["client"].run(
        "arping", "-d", "-c", "3", "-i", "lan0", "10.80.8.150")
      #expect(arping.succeeded && arping.standardOutput.contains("\(mac)"))
      let ndisc = try await lan["client"].run("ndisc6", "-q", "-1", "2001:db8::10", "lan0")
      #expect(MACAddress(ndisc.standardOutput.filter { !$0.isWhitespace }) == mac)
      let counts = responder.counts(of: [address, address6])
      #expect(counts[0]?.answers == 3)
      #expect(counts[1]?.answers == 1)
      #expect(counts[1]?.lastAnswerAt != nil)
    }
  }

  @Test func aReplacedTableAndAPassedDeadlineAreSilence() async throws {
    try await withResponder { lan, responder, arm in
      #expect(try await isAnswered(lan["client"], address))
      try arm([address6], .distantFuture)
      #expect(try await !isAnswered(lan["client"], address))
      #expect(try await isAnswered(lan["client"], address6))
      responder.silence()
      #expect(try await !isAnswered(lan["client"], address6))
      responder.shut()
      try arm([address, address6], .now - .seconds(1))
      #expect(try await !isAnswered(lan["client"], address))
      #expect(responder.totals()[.gateClosed] > 0)
      responder.extend(to: .now + .seconds(60))
      #expect(try await isAnswered(lan["client"], address))
      #expect(try await isAnswered(lan["client"], address6))
    }
  }

  /// Not even by a table that comes from an earlier view of the lease.
  @Test func whatWasRevokedIsSilentUntilALaterViewArmsIt() async throws {
    try await withResponder { lan, responder, arm in
      responder.revoke([address], revision: 3)
      #expect(try await !isAnswered(lan["client"], address))
      #expect(try await isAnswered(lan["client"], address6))
      let index = Int32(try await #require(lan["node"].linkState()).index)
      let claim = Claim(address: address, interfaceIndex: index)
      #expect(responder.announce(claim) == .failure(.silent(.targetNotClaimed)))
      try arm([address, address6], .distantFuture)
      #expect(try await !isAnswered(lan["client"], address))
      let mac = try await lan["node"].hardwareAddress()
      try responder.replace(
        claims: [claim], links: [LinkContext(interfaceIndex: index, hardwareAddress: mac)],
        ownHardwareAddresses: [mac], revision: 3)
      #expect(try await isAnswered(lan["client"], address))
    }
  }

  @Test func aShutGateIsSilentUntilTheDeadlineIsExtended() async throws {
    try await withResponder { lan, responder, _ in
      responder.shut()
      let isAnsweredBefore = try await isAnswered(lan["client"], address)
      responder.extend(to: .now + .seconds(60))
      let isAnsweredAfter = try await isAnswered(lan["client"], address)
      #expect(!isAnsweredBefore && isAnsweredAfter)
    }
  }

  @Test func announcementsLeaveInBothFormsAndOnlyBehindAnOpenGate() async throws {
    try await withResponder { lan, responder, arm in
      let capture = try await lan["client"].capture()
      let index = Int32(try await #require(lan["node"].linkState()).index)
      let claim = Claim(address: address, interfaceIndex: index)
      #expect(responder.announce(claim) == .success(2))
      #expect(
        responder.announce(Claim(address: address6, interfaceIndex: index)) == .success(1))
      await eventually { capture.frames.filter { $0.asserts(address) }.count == 2 }
      await eventually { capture.frames.filter { $0.asserts(address6) }.count == 1 }
      responder.silence()
      #expect(responder.announce(claim) == .failure(.silent(.unknownLink)))
      #expect(try await capture.stop().filter { $0.asserts(address) }.count == 2)
    }
  }

  /// RFC 5227 §2.4 (b): one single announcement, the request form.
  @Test func aDefenceIsOneFrame() async throws {
    try await withResponder { lan, responder, arm in
      let capture = try await lan["client"].capture()
      let index = Int32(try await #require(lan["node"].linkState()).index)
      for address in [address, address6] {
        let claim = Claim(address: address, interfaceIndex: index)
        #expect(responder.defend(claim) == .success(1))
        await eventually { capture.frames.contains { $0.asserts(address) } }
      }
      responder.shut()
      #expect(
        responder.defend(Claim(address: address, interfaceIndex: index))
          == .failure(.silent(.gateClosed)))
      let frames = try await capture.stop()
      #expect(frames.filter { $0.asserts(address) }.map { $0.arp?.operation } == [1])
      #expect(frames.filter { $0.asserts(address6) }.count == 1)
    }
  }

  @Test func aForeignStationWithOurAddressIsHeardAndCounted() async throws {
    try await withResponder { lan, responder, _ in
      try await lan["client"].addAddress("10.80.8.150/16")
      try await lan["client"].run(
        "arping", "-q", "-c", "3", "-i", "lan0", "-S", "10.80.8.150", "10.80.9.9")
      let mac = try await lan["client"].hardwareAddress()
      var heard: [Conflict] = []
      await eventually {
        heard += responder.conflicts.take()
        return heard.reduce(0) { $0 + $1.count } >= 3
      }
      #expect(heard.allSatisfy { $0.address == address && $0.hardwareAddress == mac })
    }
  }

  @Test(.enabled(if: allocation_counter_is_available(), "a sanitizer owns malloc"))
  func theAnsweringThreadAllocatesNothingPerRequest() async throws {
    // From the packet socket to the packet socket: ten times the requests, as many allocations.
    // Once before, in which the runtime makes its type metadata.
    _ = try await allocations(answering: 5)
    let few = try await allocations(answering: 20)
    let many = try await allocations(answering: 220)
    #expect(many == few)
  }

  /// What the answering thread allocates in its life, asked `count` times.
  private func allocations(answering count: Int) async throws -> UInt64 {
    try await LAN.with(hosts: ["node", "client"]) { lan in
      let mac = try await lan["node"].hardwareAddress()
      let client = try await lan["client"].hardwareAddress()
      let index = Int32(try await #require(lan["node"].linkState()).index)
      let responder = try await lan["node"].inNamespace { try Responder() }
      try responder.replace(
        claims: [Claim(address: address, interfaceIndex: index)],
        links: [LinkContext(interfaceIndex: index, hardwareAddress: mac)],
        ownHardwareAddresses: [mac], revision: 0)
      responder.extend(to: .distantFuture)
      async let allocations = withThread(named: "answer") {
        let before = allocation_counter_read()
        responder.answer()
        return allocation_counter_read() - before
      }
      let request = Frame(
        destination: .broadcast, source: client,
        message: .arp(
          ARPPacket(
            operation: ARPPacket.request, senderHardwareAddress: client,
            senderProtocolAddress: IPv4Address(10, 80, 0, 1), targetHardwareAddress: .zero,
            targetProtocolAddress: IPv4Address(10, 80, 8, 150))))
      let octets = [UInt8](capacity: request.length) { request.write(into: &$0) }
      // What comes before the thread listens is stale by the time it does.
      await eventually { responder.beats > 0 }
      for number in 1...count {
        try await lan["client"].send(octets)
        await eventually { responder.counts(of: address)?.answers == UInt64(number) }
      }
      responder.stop()
      return await allocations
    }
  }
}
