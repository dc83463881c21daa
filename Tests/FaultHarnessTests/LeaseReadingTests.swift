import FaultCheckers
import FoundationEssentials
import Testing
import Time
import Wire

@testable import FaultHarness

struct LeaseReadingTests {
  private let address = IPAddress("10.80.8.150")!
  private let v6 = IPAddress("2001:db8::10")!

  /// What is written in turn, a revision each: the name of a Lease and its holder. `nil` deletes.
  private func events(_ writes: [(name: String, holder: String?)]) -> [StoreEvent] {
    LeaseReading.events(
      writes.enumerated().map { index, write in
        HistoryRecorder.Record(
          revision: Int64(index + 1), key: "/registry/leases/kube-system/\(write.name)",
          isDelete: write.holder == nil, lease: 0, createRevision: 1,
          value: write.holder.map { #"{"kind":"Lease","spec":{"holderIdentity":"\#($0)"}}"# } ?? "",
          seen: Instant(nanoseconds: Int64(index + 1)))
      })
  }

  private func owners(_ writes: [(name: String, holder: String?)]) -> [Ownership] {
    OwnershipHistory(events: events(writes)).ownerships[address] ?? []
  }

  private let first = (name: "announcer-node-a", holder: "a/1" as String?)
  private let second = (name: "announcer-node-b", holder: "b/2" as String?)
  private let claim = "announcer-ip-10-80-8-150"

  @Test func namesOfLeases() {
    #expect(LeaseReading.claimName(address) == claim)
    #expect(
      LeaseReading.claimName(v6) == "announcer-ip-2001-0db8-0000-0000-0000-0000-0000-0010")
    for address in [address, v6] {
      #expect(LeaseReading.claimed(LeaseReading.claimName(address)) == address)
    }
    #expect(LeaseReading.claimed("announcer-ip-nonsense") == nil)
    #expect(LeaseReading.claimed("announcer-node-a") == nil)
  }

  @Test func aReleaseEndsTheOwnership() {
    let found = owners([first, (claim, "a/1"), (claim, "")])
    #expect(found.map(\.node) == ["a"])
    #expect(found.first?.epoch == 2)
    #expect(found.first?.from == Instant(nanoseconds: 2))
    #expect(found.first?.until == Instant(nanoseconds: 3))
  }

  /// The claims of a session need no write of their own to be free.
  @Test(arguments: ["", nil, "a/3", "garbage"]) func theEndOfASessionEndsItsOwnerships(
    next: String?
  ) {
    let found = owners([first, second, (claim, "a/1"), ("announcer-node-a", next), (claim, "b/2")])
    #expect(found.map(\.node) == ["a", "b"])
    #expect(found.first?.until == Instant(nanoseconds: 4))
    #expect(found.last?.epoch == 5)
  }

  /// Renewals, and whatever else is written about a holder that stays.
  @Test func aSameHolderWrittenAgainIsNoNewOwnership() {
    let found = owners([first, (claim, "a/1"), first, (claim, "a/1"), first])
    #expect(found.count == 1)
    #expect(found.first?.epoch == 2)
    #expect(found.first?.until == nil)
  }

  @Test func aClaimTakenFromALiveSessionIsOverwritten() {
    let writes = [first, second, (claim, "a/1"), (claim, "b/2")]
    let history = OwnershipHistory(events: events(writes))
    #expect(history.overwritten.count == 1)
    #expect(owners(writes).map(\.node) == ["a", "b"])
  }

  /// A write that was on its way when its session ended.
  @Test func whoHasNoSessionOwnsNothing() {
    #expect(owners([first, ("announcer-node-a", ""), (claim, "a/1")]).isEmpty)
    #expect(owners([(claim, "somebody")]).isEmpty)
  }

  @Test(arguments: [nil, "", "somebody"]) func tamperingEndsAnOwnershipAndTheHolderBeginsAnother(
    written: String?
  ) {
    let found = owners([first, (claim, "a/1"), (claim, written), (claim, "a/1")])
      .filter { $0.node == "a" }
    #expect(found.map(\.epoch) == [2, 4])
    #expect(found.first?.until == Instant(nanoseconds: 3))
  }

  @Test(arguments: [
    "/registry/leases.harness", "/registry/leases/default/announcer-node-a",
    "/registry/leases/kube-system/kube-scheduler",
  ]) func everythingElseIsNothing(key: String) {
    let records = [
      HistoryRecorder.Record(
        revision: 1, key: key, isDelete: false, lease: 0, createRevision: 1,
        value: #"{"spec":{"holderIdentity":"a/1"}}"#, seen: Instant(nanoseconds: 1))
    ]
    #expect(LeaseReading.events(records).isEmpty)
  }

  /// The keys of one moment come in any order, and a holder of a claim need not live.
  @Test func thePictureOfAMoment() throws {
    let keys = try decodeGateway(
      RangeAnswer.self,
      Array(
        """
        {"header":{},"kvs":[\(key(claim, "a/1")),\(key("announcer-node-b", "b/2")),
        \(key("announcer-ip-10-80-8-151", "")),\(key("announcer-node-a", "a/1")),
        \(key("announcer-ip-10-80-8-152", "a/0"))]}
        """.utf8)
    ).kvs
    let picture = LeaseReading.picture(keys ?? [])
    #expect(Set(picture.sessions.keys) == ["a", "b"])
    #expect(picture.claims.count == 2)
    #expect(picture.claims[address] == picture.sessions["a"])
    #expect(!picture.sessions.values.contains(picture.claims[IPAddress("10.80.8.152")!] ?? 0))
  }

  private func key(_ name: String, _ holder: String) -> String {
    let value = #"{"spec":{"holderIdentity":"\#(holder)"}}"#
    return
      #"{"key":"\#(base64("/registry/leases/kube-system/\(name)"))","value":"\#(base64(value))"}"#
  }
}
