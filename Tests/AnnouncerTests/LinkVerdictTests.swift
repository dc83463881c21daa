import Announcer
import Testing
import Wire

struct LinkVerdictTests {
  @Test func eachFamilyHasItsOwnReason() throws {
    let verdict = LinkVerdict(
      link: LinkID(index: 2, generation: 0), name: "lan0", state: .active, reason: nil,
      arpReason: nil, ndpReason: .noMulticast, matchedBy: [])
    let four = try #require(IPAddress("10.80.8.150"))
    let six = try #require(IPAddress("2001:db8::10"))
    #expect(verdict.arp && verdict.serves(four) && verdict.reason(for: four) == nil)
    #expect(!verdict.ndp && !verdict.serves(six) && verdict.reason(for: six) == .noMulticast)
  }
}
