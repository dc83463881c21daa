import Announcer
import HostAudit
import Testing
import Wire

struct AnnouncedPoolTests {
  private let lan0 = host(2, "lan0", "10.80.8.1/24", "2001:db8::1/64", "fe80::1/64")

  private func pool(_ name: String, _ ranges: (String, String)...) throws -> AnnouncedPool {
    try AnnouncedPool(
      name: name,
      ranges: ranges.map { first, last in
        let upper = try #require(IPAddress(last))
        let lower = try #require(IPAddress(first))
        return try #require(IPRange(lower, upper))
      })
  }

  @Test func aPoolInNoSubnetOfAnyLinkIsNamed() throws {
    let warnings = AnnouncedPool.warnings(
      [
        try pool("wrong", ("10.81.8.1", "10.81.8.9")),
        try pool("lan", ("10.80.8.150", "10.80.8.159")),
        try pool("six", ("2001:db8:1::1", "2001:db8:1::9")),
      ], on: [lan0])
    #expect(warnings.map(\.kind) == [.poolOutside, .poolOutside])
    #expect(warnings[0].message.hasPrefix("pool six lies in no subnet of lan0:"))
    #expect(warnings[1].message.hasPrefix("pool wrong lies in no subnet of lan0:"))
  }

  @Test func oneRangeThatLiesInASubnetIsEnough() throws {
    let pool = try pool("two", ("10.81.8.1", "10.81.8.9"), ("10.80.8.16", "10.80.8.31"))
    #expect(AnnouncedPool.warnings([pool], on: [lan0]).isEmpty)
  }

  /// Where somebody else gives addresses, he may announce them in other ways.
  @Test func othersPoolsMayLieAnywhere() throws {
    let range = try #require(IPRange(IPAddress("10.81.8.1")!, IPAddress("10.81.8.9")!))
    let pool = AnnouncedPool(name: "bgp", ranges: [range], isGivenHere: false)
    #expect(AnnouncedPool.warnings([pool], on: [lan0]).isEmpty)
  }

  @Test func aPoolThatIsTheNodesLANIsNamedWithWhatItMayNotGive() throws {
    let lan = try pool("lan", ("10.80.8.0", "10.80.8.255"), ("2001:db8::", "2001:db8::ffff"))
    let warnings = AnnouncedPool.warnings([lan], on: [lan0])
    #expect(warnings.map(\.kind) == [.poolHasLinkAddresses])
    #expect(
      warnings.first?.message
        == "pool lan has addresses that no Service can use: 10.80.8.1 (lan0 itself), "
        + "2001:db8::1 (lan0 itself), 10.80.8.0 (the network address of lan0), "
        + "10.80.8.255 (the broadcast address of lan0), "
        + "2001:db8:: (the subnet-router anycast address of lan0); leave them out of its blocks "
        + "(allowFirstLastIPs: \"No\" spares the first and the last of a prefix)")
  }

  /// What the giver spares by itself is no matter.
  @Test func whatIsNeverGivenIsNotSaid() throws {
    let all = try #require(IPRange(IPAddress("10.80.8.0")!, IPAddress("10.80.8.255")!))
    let inner = try #require(IPRange(IPAddress("10.80.8.1")!, IPAddress("10.80.8.254")!))
    let known = try #require(IPAddress("10.80.8.1"))
    let pool = AnnouncedPool(name: "lan", ranges: [all], givable: [inner], nodes: [known])
    #expect(AnnouncedPool.warnings([pool], on: [lan0]).isEmpty)
    let unknown = AnnouncedPool(name: "lan", ranges: [all], givable: [inner])
    #expect(AnnouncedPool.warnings([unknown], on: [lan0]).count == 1)
    #expect(AnnouncedPool.linkWarnings([unknown], on: []).isEmpty)
  }

  /// RFC 3021 and RFC 6164: a subnet of two addresses has hosts only.
  @Test func aSubnetOfTwoHasNoOtherAddresses() throws {
    let link = host(2, "lan0", "10.80.8.0/31", "2001:db8::1/127")
    let pool = try pool("p2p", ("10.80.8.1", "10.80.8.1"), ("2001:db8::", "2001:db8::"))
    #expect(AnnouncedPool.warnings([pool], on: [link]).isEmpty)
  }

  @Test func withoutASubnetOfTheFamilyNothingIsSaid() throws {
    let bare = host(2, "lan0", "2001:db8::1/64")
    #expect(
      AnnouncedPool.warnings([try pool("v4", ("10.81.8.1", "10.81.8.9"))], on: [bare]).isEmpty)
    #expect(AnnouncedPool.warnings([try pool("v4", ("10.81.8.1", "10.81.8.9"))], on: []).isEmpty)
  }
}
