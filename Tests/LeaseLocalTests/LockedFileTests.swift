import Lease
import LeaseLocal
import LinuxSystem
import Testing

struct LockedFileTests {
  private let directory = TestDirectory()

  init() { makeDirectory(directory.path) }

  @Test func aLockKeepsOthersOutUntilItIsGivenBack() throws {
    let first = try #require(try LockedFile.lock(directory.claim))
    #expect(try LockedFile.lock(directory.claim) == nil)
    guard case .held(nil) = try FileProbe(directory.claim) else {
      Issue.record("not held")
      return
    }
    first.unlock()
    guard case .free(nil) = try FileProbe(directory.claim) else {
      Issue.record("not free")
      return
    }
    #expect(try LockedFile.lock(directory.claim) != nil)
  }

  @Test func aFileIsTrustedOnlyWithARecordOfItsOwn() throws {
    do {
      let new = try #require(try LockedFile.lock(directory.claim))
      #expect(!new.isTrusted)
      try new.write(record(inode: new.identity.inode).bytes)
    }
    do {
      let again = try #require(try LockedFile.lock(directory.claim))
      #expect(again.isTrusted)
      #expect(
        again.inherited?.holder == Holder(node: "a", session: SessionID("s"), epoch: Epoch(5)))
      try again.write(record(inode: again.identity.inode + 1).bytes)
    }
    let copied = try #require(try LockedFile.lock(directory.claim))
    #expect(!copied.isTrusted)
  }

  @Test func whatIsDeletedOrReplacedIsNoLongerInPlace() throws {
    let file = try #require(try LockedFile.lock(directory.claim))
    #expect(file.isInPlace)
    deleteFile(directory.claim)
    #expect(!file.isInPlace)
    let other = try #require(try LockedFile.lock(directory.claim))
    #expect(other.isInPlace && !file.isInPlace)
  }

  @Test func aShorterRecordLeavesNothingOfALongerOne() throws {
    let file = try #require(try LockedFile.lock(directory.claim))
    try file.write(record(inode: 1, node: String(repeating: "n", count: 200)).bytes)
    try file.write(record(inode: 1).bytes)
    #expect(LeaseRecord(Array(contents(directory.claim).utf8)) == record(inode: 1))
  }

  @Test func rubbishIsNoRecord() {
    for text in ["", "{}", "null", "[", #"{"state":"held"}"#, "\u{0}\u{1}"] {
      #expect(LeaseRecord(Array(text.utf8)) == nil)
    }
  }

  private func record(inode: UInt64, node: String = "a") -> LeaseRecord {
    LeaseRecord(
      node: node, session: SessionID("s"), pid: 1, since: "2025-01-01T00:00:00Z", epoch: Epoch(5),
      inode: inode)
  }
}
