import Testing

@testable import FaultHarness

struct GatewayAnswersTests {
  @Test func numbersComeAsStringsOrNumbersOrNotAtAll() throws {
    let answer = try decodeGateway(
      RangeAnswer.self,
      Array(
        #"{"header":{"revision":"5"},"kvs":[{"key":"YQ==","lease":7,"mod_revision":"9"}]}"#.utf8))
    #expect(answer.header.revision?.value == 5)
    #expect(answer.kvs?.first?.name == "a")
    #expect(answer.kvs?.first?.leaseID == 7)
    #expect(answer.kvs?.first?.modRevision?.value == 9)
    #expect(answer.kvs?.first?.createRevision == nil)
  }

  @Test func whoLeads() throws {
    func leads(_ leader: String) throws -> Bool {
      try decodeGateway(
        MemberStatus.self,
        Array(#"{"header":{"member_id":"18446744073709551615"}\#(leader)}"#.utf8)
      ).isLeader
    }
    #expect(try leads(#","leader":"18446744073709551615""#))
    #expect(try !leads(#","leader":"17""#))
    #expect(try !leads(""))
  }

  @Test func eventsOfAWatch() throws {
    let answer = try decodeGateway(
      WatchAnswer.self,
      Array(
        #"{"result":{"events":[{"kv":{"key":"YQ=="}},{"type":"DELETE","kv":{"key":"Yg=="}}]}}"#
          .utf8))
    #expect(answer.result?.events?.map(\.isDelete) == [false, true])
    let cancelled = try decodeGateway(
      WatchAnswer.self, Array(#"{"result":{"canceled":true,"compact_revision":"12"}}"#.utf8))
    #expect(cancelled.result?.compactRevision?.value == 12)
  }
}
