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
    let pool = try pool("two", ("10.81.8.1", "10.81.8.9"), ("10.80.0.0", "10.80.255.255"))
    #expect(AnnouncedPool.warnings([pool], on: [lan0]).isEmpty)
  }

  @Test func withoutASubnetOfTheFamilyNothingIsSaid() throws {
    let bare = host(2, "lan0", "2001:db8::1/64")
    #expect(
      AnnouncedPool.warnings([try pool("v4", ("10.81.8.1", "10.81.8.9"))], on: [bare]).isEmpty)
    #expect(AnnouncedPool.warnings([try pool("v4", ("10.81.8.1", "10.81.8.9"))], on: []).isEmpty)
  }
}
