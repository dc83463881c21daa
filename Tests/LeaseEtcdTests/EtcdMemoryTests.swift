import Lease
import Testing
import Wire

@testable import LeaseEtcd

/// A backup that was put back, where revisions have caught up with those that were known: claims tell.
struct EtcdMemoryTests {
  private func memory(_ claims: [IPAddress: UInt64?]) -> EtcdMemory {
    var memory = EtcdMemory()
    memory.claims = claims.mapValues { EtcdMemory.Claim(lease: 1, epoch: $0.map { Epoch($0) }) }
    return memory
  }

  @Test func aClaimThatCameBackIsOfAnotherHistory() {
    // Released, or claimed anew since.
    #expect(memory([:]).isContradicted(by: memory([x: 4]), before: 7))
    #expect(memory([x: 6]).isContradicted(by: memory([x: 4]), before: 7))
    // Made in the other history, at a revision that was known already.
    #expect(memory([x: 4]).isContradicted(by: memory([x: 4, y: 6]), before: 7))
  }

  @Test func whatMayHaveHappenedSinceIsNone() {
    #expect(!memory([x: 4, y: 5]).isContradicted(by: memory([x: 4, y: 5]), before: 7))
    #expect(!memory([x: 4]).isContradicted(by: memory([:]), before: 7))
    #expect(!memory([x: 4]).isContradicted(by: memory([x: 7, y: 8]), before: 7))
    // Written over: its epoch in others' eyes may differ.
    #expect(!memory([x: nil]).isContradicted(by: memory([x: 4]), before: 7))
    #expect(!memory([x: 4]).isContradicted(by: memory([x: nil]), before: 7))
  }
}
