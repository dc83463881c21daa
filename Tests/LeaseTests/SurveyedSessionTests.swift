import Lease
import Testing

struct SurveyedSessionTests {
  private func session(_ timeToLive: Duration?, _ endsWithin: Duration?) -> SurveyedSession {
    SurveyedSession(
      id: SessionID("1"), node: "node-a", timeToLive: timeToLive, endsWithin: endsWithin)
  }

  @Test func aSessionIsOverdueAfterHalfOfItsTime() {
    #expect(!session(.seconds(5), .seconds(5)).isOverdue)
    #expect(!session(.seconds(5), .milliseconds(2500)).isOverdue)
    #expect(session(.seconds(5), .milliseconds(2499)).isOverdue)
    #expect(session(.seconds(5), .zero).isOverdue)
  }

  @Test func aSessionWithoutTimeIsOverdueWhereTheStoreSaysThatItIsOver() {
    #expect(!session(nil, nil).isOverdue)
    #expect(!session(.seconds(5), nil).isOverdue)
    #expect(session(nil, .zero).isOverdue)
    #expect(!session(nil, .seconds(1)).isOverdue)
  }
}
