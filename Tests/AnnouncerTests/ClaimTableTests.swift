import Announcer
import CAllocationCounter
import SeededRandom
import Testing
import Time
import Wire

struct ClaimTableTests {
  /// `count` addresses spread so that their hashes are as unlike as they come.
  private func table(of count: Int) -> (ClaimTable, [IPAddress]) {
    let addresses: [IPAddress] = (0..<count).map { number in
      number % 2 == 0
        ? .v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(number) * 7))
        : .v6(IPv6Address(rawValue: 0x2001_0db8 << 96 + UInt128(number) * 0x1_0000_0001))
    }
    let claims = addresses.enumerated().map { number, address in
      (
        claim: Claim(address: address, interfaceIndex: 7), slot: Int32(number),
        openedAt: Instant.distantPast
      )
    }
    let table = ClaimTable(
      claims: claims, links: [LinkContext(interfaceIndex: 7, hardwareAddress: Sample.own)],
      ownHardwareAddresses: [Sample.own], deadline: Sample.deadline)
    return (table, addresses)
  }

  @Test func everyOfManyClaimsIsFoundWithItsSlot() {
    let (table, addresses) = table(of: 10_000)
    #expect(table.count == 10_000)
    for (number, address) in addresses.enumerated() {
      let frame =
        switch address {
        case .v4(let address): Sample.request { $0.targetProtocolAddress = address }
        case .v6(let address): Sample.solicitation(target: address)
        }
      guard case .reply(_, let slot) = table.judge(frame) else {
        Issue.record("\(address) is not answered")
        return
      }
      #expect(slot == Int32(number))
    }
  }

  /// Whatever was added, removed and revoked before, and in which order, the table answers for what it should.
  @Test(arguments: seeds(100))
  func aTableThatWasAmendedAnswersAsOneThatWasBuilt(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let addresses = (0..<40).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
    func claim(_ address: IPAddress) -> Claim { Claim(address: address, interfaceIndex: 7) }
    func table(_ armed: [IPAddress: Int32], _ revision: UInt64) -> ClaimTable {
      ClaimTable(
        claims: armed.map { (claim: claim($0), slot: $1, openedAt: Instant.distantPast) },
        links: [LinkContext(interfaceIndex: 7, hardwareAddress: Sample.own)],
        ownHardwareAddresses: [Sample.own], deadline: Sample.deadline, revision: revision)
    }
    var armed: [IPAddress: Int32] = [:]
    var revoked: [IPAddress: UInt64] = [:]
    var revision: UInt64 = 0
    var amended = table([:], 0)
    for _ in 0..<200 {
      if random.chance(20) {
        // The lease runs ahead of the loop that amends.
        let address = random.pick(addresses)
        let later = revision + UInt64(random.below(3)) + 1
        amended.revoke(address, revision: later)
        revoked[address] = max(later, revoked[address] ?? 0)
        armed[address] = nil
      } else {
        revision += UInt64(random.below(3))
        revoked = revoked.filter { $0.value > revision }
        let removed = Set((0..<random.below(4)).map { _ in random.pick(addresses) })
        let added = Set((0..<random.below(4)).map { _ in random.pick(addresses) })
          .subtracting(removed)
        for address in removed { armed[address] = nil }
        for address in added where revoked[address] == nil {
          armed[address] = Int32(random.below(99))
        }
        let entries = added.map {
          (claim: claim($0), slot: armed[$0] ?? 0, openedAt: Instant.distantPast)
        }
        if amended.hasRoom(for: entries.count) {
          amended.amend(
            removed: removed.map { claim($0) }, added: entries, revision: revision)
        } else {
          var successor = table(armed, revision)
          successor.succeed(amended)
          amended = successor
        }
      }
      #expect(amended.count == armed.count)
      for address in addresses { #expect(amended.slot(of: claim(address)) == armed[address]) }
    }
  }

  @Test func aClaimOnALinkThatIsNotThereIsLeftOut() {
    let table = ClaimTable(
      claims: [
        (
          claim: Claim(address: .v4(Sample.address), interfaceIndex: 99), slot: 0 as Int32,
          openedAt: Instant.distantPast
        )
      ], links: [], ownHardwareAddresses: [], deadline: Sample.deadline)
    #expect(table.count == 0)
  }

  @Test(.enabled(if: allocation_counter_is_available(), "a sanitizer owns malloc"))
  func aThousandVerdictsAllocateNothing() {
    let table = Sample.table()
    // No malformed frame among them: the testing library notes a backtrace at every throw.
    let frames = [
      Sample.request(), Sample.solicitation(),
      Sample.request { $0.targetProtocolAddress = Sample.clientAddress },
      Sample.request { $0.senderProtocolAddress = Sample.address },
      Sample.request { $0.operation = ARPPacket.reply },
    ]
    let arrival = Sample.arrival()
    func judgeAThousand() -> Int {
      var answered = 0
      for round in 0..<1000 {
        let received = frames[round % frames.count]
        let verdict = table.verdict(on: received.span, from: arrival, now: Sample.now)
        if case .reply(let frame, _) = verdict {
          let bytes = InlineArray<86, UInt8>(initializingWith: { frame.write(into: &$0) })
          answered += bytes[0] == 0x02 ? 1 : 0
        }
      }
      return answered
    }
    // The runtime makes its type metadata once.
    _ = judgeAThousand()
    let before = allocation_counter_read()
    let answered = judgeAThousand()
    let allocations = allocation_counter_read() - before
    #expect(answered == 400)
    #expect(allocations == 0)
  }

  @Test(.enabled(if: allocation_counter_is_available(), "a sanitizer owns malloc"))
  func theCounterCounts() {
    let before = allocation_counter_read()
    let array = Array(repeating: Instant.distantPast, count: Int(before % 2) + 100)
    #expect(allocation_counter_read() > before && array.count >= 100)
  }
}
