import Lease
import Testing
import Wire

struct DutyTests {
  @Test func eachHasAClaimThatNoAssignmentCanMean() {
    for duty in Duty.allCases {
      #expect(Duty(duty.claim) == duty)
      #expect(duty.claim.reasonNotAnnounceable != nil)
    }
    #expect(Duty.addressPools.claim.description == "100::706f:6f6c")
    #expect(Duty(.v6(.any)) == nil)
  }
}
