import Lease
import LeaseLocal
import LinuxSystem
import Synchronization
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

  /// Looking takes two steps, and an owner may come between them: he is never told as one who has gone.
  @Test func whoComesWhileSomebodyLooksHasNotGone() async throws {
    for _ in 0..<8 {
      let looks = Looks(at: directory.claim)
      startThread(named: "looks") { looks.run() }
      // Nobody gives a lock back before the last look.
      var owned: [LockedFile] = []
      for _ in 0..<800 {
        let file = try #require(try LockedFile.lock(directory.claim))
        try file.write(record(inode: file.identity.inode).bytes)
        owned.append(file)
        deleteFile(directory.claim)
      }
      looks.stop()
      await eventually { looks.isOver }
      #expect(looks.wrong == 0 && owned.count == 800)
    }
  }

  /// Somebody who looks at a file all the time.
  private final class Looks: Sendable {
    private let path: String
    private let isStopping = Atomic(false)
    private let hasStopped = Atomic(false)
    private let wrongs = Atomic(0)

    init(at path: String) { self.path = path }

    var wrong: Int { wrongs.load(ordering: .relaxed) }

    var isOver: Bool { hasStopped.load(ordering: .relaxed) }

    func stop() { isStopping.store(true, ordering: .relaxed) }

    func run() {
      while !isStopping.load(ordering: .relaxed) {
        if case .free(_?)? = try? FileProbe(path) { wrongs.add(1, ordering: .relaxed) }
      }
      hasStopped.store(true, ordering: .relaxed)
    }
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
