import Lease
import LeaseTestKit
import LinuxSystem
import Testing
import Time

struct StoreSurveyTests {
  @Test func theStoreInMemoryKeepsTheContract() async throws {
    let store = MemoryStore { .now }
    try await SurveyContract(
      MemoryStoreClient(store), MemoryStoreClient(store), onlooker: MemoryStoreClient(store),
      timeToLive: .seconds(30), version: nil
    ).run()
  }

  /// The driver asks beside the election, whatever that is doing.
  @Test func aDriverSurveysItsStoreWithoutASession() async throws {
    let store = MemoryStore { .now }
    let driver = LeaseDriver(
      store: MemoryStoreClient(store), node: "node-a", timing: nil, now: { .now })
    #expect(try await driver.survey(within: .seconds(1)) == StoreSurvey())
    #expect(store.calls == ["survey"])
  }
}
