import FaultCheckers
import Testing
import Time
import Wire

@testable import FaultHarness

struct StoreReadingTests {
  private func change(_ key: String, lease: Int64 = 7, isDelete: Bool = false)
    -> StoreEvent.Change?
  {
    StoreReading.events([
      HistoryRecorder.Record(
        revision: 9, key: key, isDelete: isDelete, lease: lease, createRevision: 8, value: "",
        seen: Instant(nanoseconds: 1))
    ]).first?.change
  }

  @Test func sessionsAndClaims() throws {
    let address = try #require(IPAddress("2001:db8::10"))
    #expect(change("/announcer/nodes/node-a") == .session(node: "node-a", lease: 7))
    #expect(
      change("/announcer/nodes/node-a", isDelete: true) == .sessionEnded(node: "node-a"))
    #expect(
      change(StoreReading.claimKey(address)) == .claim(address, lease: 7, epoch: 8))
    #expect(change(StoreReading.claimKey(address), isDelete: true) == .released(address))
  }

  @Test(arguments: [
    Backend.etcd.meterKey, "/announcer/claims/nonsense", "/announcer/preferences/10.80.8.150",
    "/announcers/nodes/x",
  ]) func everythingElseIsNothing(key: String) {
    #expect(change(key) == nil)
  }
}
