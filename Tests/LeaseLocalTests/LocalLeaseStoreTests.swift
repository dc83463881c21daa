import FoundationEssentials
import Glibc
import Lease
import LeaseLocal
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

/// Whole elections on directories, with all nodes in this process.
struct LocalLeaseStoreTests {
  private let directory = TestDirectory()

  @Test(.timeLimit(.minutes(10)))
  func aNodeAloneClaimsAtOnceAndReleases() async throws {
    try await directory.withNode("a") { node in
      node.driver.compete(for: [x, y])
      let start = Instant.now
      let view = try await node.untilHolding(2)
      // 20 ms for the new session file, 20 ms for the new claim files; no rank's wait.
      #expect(Instant.now - start < .milliseconds(1000))
      #expect(view.health == .none)
      #expect(view.deadline == .distantFuture)
      #expect(view.error == nil)
      #expect(contents(directory.claim).contains(#""node":"a""#))
      #expect(contents(directory.claim).contains(#""state":"held""#))
      node.driver.compete(for: [y])
      try await node.untilHolding(1)
      await eventually { contents(directory.claim).contains(#""state":"free""#) }
    }
    // The files stay; that is how the next owner can trust them at once.
    #expect(contents("\(directory.path)/a.session").contains(#""state":"free""#))
    var status = stat()
    unsafe stat(directory.path, &status)
    #expect(status.st_mode & 0o777 == 0o750)
  }

  @Test(.timeLimit(.minutes(10)))
  func aHandOverReachesTheOtherInMilliseconds() async throws {
    try await directory.withNode("b") { other in
      var released = Instant.distantPast
      try await directory.withNode("a") { node in
        node.driver.compete(for: [x])
        let held = try await node.untilHolding(1)
        // Not a candidate yet: it knows from watching alone.
        let standby = try await other.until { $0.holders[x]?.node == "a" }
        other.driver.compete(for: [x])
        #expect(standby.held.isEmpty)
        #expect(standby.holders[x]?.epoch == held.held[x]?.epoch)
        released = .now
      }
      let view = try await other.untilHolding(1)
      #expect(view.held[x]!.since - released < .milliseconds(500))
      #expect(view.held[x]!.epoch.number > 0)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aLockThatGoesAfterTheNewsOfTheCloseIsNoticed() async throws {
    makeDirectory(directory.path)
    try await directory.withNode("a") { node in
      for _ in 1...10 {
        let lock = try #require(try LockedFile.lock(directory.claim))
        let record = LeaseRecord(
          node: "dying", session: SessionID("s"), pid: 1, since: "",
          epoch: Epoch(UInt64(Instant.now.nanoseconds)), inode: lock.identity.inode)
        try lock.write(record.bytes)
        node.driver.compete(for: [x])
        try await node.until { $0.holders[x]?.epoch.number == record.epoch }
        // As the kernel does with the file of a dying process: first the news that a writer has
        // closed it, then, here 2 ms later and without any news, the end of the lock.
        let descriptor = try systemCall("open") { unsafe open(directory.claim, O_RDWR | O_CLOEXEC) }
        close(descriptor)
        let closed = Instant.now
        await eventually { Instant.now - closed > .milliseconds(2) }
        lock.unlock()
        try await node.untilHolding(1)
        node.driver.compete(for: [])
        try await node.untilHolding(0)
        await eventually { contents(directory.claim).contains(#""state":"free""#) }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aDeletedClaimIsLostAtOnceAndNeverHeldByTwo() async throws {
    try await directory.withNode("a") { first in
      try await directory.withNode("b") { second in
        first.driver.compete(for: [x])
        try await first.untilHolding(1)
        second.driver.compete(for: [x])
        try await second.until { $0.holders[x] != nil }
        for round in 1...10 {
          let before = Instant.now
          deleteFile(directory.claim)
          // Whoever held it says so before anybody holds it again.
          let nodes = [first, second]
          await eventually { nodes.reduce(0) { $0 + Int($1.recorder.newest?.lost ?? 0) } == round }
          await eventually { nodes.reduce(0) { $0 + ($1.recorder.newest?.held.count ?? 0) } == 1 }
          let since = nodes.compactMap { $0.recorder.newest?.held[x]?.since }
          // The new file had to settle: the loser had its 20 ms.
          #expect(since.allSatisfy { $0 - before >= .milliseconds(20) })
          // The other one knows whose it is, before the next round.
          await eventually { nodes.contains { $0.recorder.newest?.holders[x]?.epoch != nil } }
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aReplacedClaimIsLost() async throws {
    try await directory.withNode("a") { node in
      node.driver.compete(for: [x])
      try await node.untilHolding(1)
      // A copy with the very same content is another file.
      let copy = "\(directory.path)/copy"
      try contents(directory.claim).write(toFile: copy, atomically: false, encoding: .utf8)
      let before = Instant.now
      moveFile(copy, to: directory.claim)
      let lost = try await node.until { $0.lost == 1 }
      #expect(lost.losses == [x: .claimGone])
      let again = try await node.untilHolding(1)
      #expect(again.held[x]!.since - before >= .milliseconds(20))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anOverwrittenRecordIsRepairedAndTheClaimStays() async throws {
    try await directory.withNode("a") { node in
      node.driver.compete(for: [x])
      let view = try await node.untilHolding(1)
      try "garbage".write(toFile: directory.claim, atomically: false, encoding: .utf8)
      await eventually { contents(directory.claim).contains(#""node":"a""#) }
      #expect(node.recorder.newest?.held == view.held)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aDeletedSessionIsLostWithAllItsClaims() async throws {
    try await directory.withNode("a") { node in
      node.driver.compete(for: [x, y])
      let before = try await node.untilHolding(2)
      deleteFile("\(directory.path)/a.session")
      let lost = try await node.until { $0.held.isEmpty }
      #expect(lost.losses == [x: .sessionGone, y: .sessionGone])
      #expect(lost.deadline == .distantPast)
      let after = try await node.untilHolding(2)
      #expect(after.session != before.session)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theDirectoryMayBeMovedAwayOrEmptied() async throws {
    try await directory.withNode("a") { node in
      node.driver.compete(for: [x])
      try await node.untilHolding(1)
      let elsewhere = "\(directory.path)-moved"
      moveFile(directory.path, to: elsewhere)
      try await node.until { $0.lost == 1 }
      try await node.untilHolding(1)
      #expect(contents(directory.claim).contains(#""state":"held""#))
      try FileManager.default.removeItem(atPath: elsewhere)
      deleteFile(directory.claim)
      deleteFile("\(directory.path)/a.session")
      try await node.until { $0.lost == 2 }
      try await node.untilHolding(1)
      #expect(contents(directory.claim).contains(#""state":"held""#))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aSecondProcessOfTheSameNodeWaitsAndSaysForWhom() async throws {
    try await directory.withNode("a") { second in
      second.driver.compete(for: [x])
      let holding = try await second.untilHolding(1)
      try await directory.withNode("a") { first in
        first.driver.compete(for: [x])
        let view = try await first.until { if case .waiting = $0.session { true } else { false } }
        guard case .waiting(let other) = view.session, case .open(let id) = holding.session else {
          return
        }
        #expect(other.id == id)
        #expect("\(other)".contains("pid \(getpid())"))
        await second.driver.shutDown()
        try await first.untilHolding(1)
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func foreignFilesAreLeftAlone() async throws {
    let store = try LocalLeaseStore(directory: directory.path)
    _ = store
    for name in ["notes.txt", "010.0.0.1.claim", "garbage.claim", "%zz.session", ".claim"] {
      try "garbage".write(toFile: "\(directory.path)/\(name)", atomically: false, encoding: .utf8)
    }
    makeDirectory("\(directory.path)/10.0.0.9.claim")
    #expect(unsafe symlink("notes.txt", "\(directory.path)/10.0.0.8.claim") == 0)
    #expect(unsafe mkfifo("\(directory.path)/10.0.0.7.claim", 0o600) == 0)
    try await directory.withNode("a") { node in
      let bad = ["10.0.0.7", "10.0.0.8", "10.0.0.9"].map { IPAddress($0)! }
      node.driver.compete(for: Set(bad + [x]))
      let view = try await node.until { $0.held.count == 1 && $0.failures.count == 3 }
      #expect(Set(view.failures.keys) == Set(bad))
      #expect(view.failures.values.allSatisfy { $0.text.contains(directory.path) })
    }
    #expect(contents("\(directory.path)/notes.txt") == "garbage")
  }

  @Test(.timeLimit(.minutes(10)))
  func claimsThatAreTakenAreFoundAtTheStart() async throws {
    try await directory.withNode("a") { first in
      first.driver.compete(for: [x, y])
      try await first.untilHolding(2)
      try await directory.withNode("b") { second in
        second.driver.compete(for: [x])
        let view = try await second.until { $0.holders.count == 2 }
        #expect(view.holders.values.allSatisfy { $0.node == "a" })
        #expect(view.held.isEmpty)
        #expect(view.gained == 0)
      }
    }
  }

  @Test func aDirectoryThatCannotServeFailsAtTheStartInOneLine() throws {
    let file = "\(directory.path)-file"
    try "".write(toFile: file, atomically: false, encoding: .utf8)
    defer { deleteFile(file) }
    let notADirectory = #expect(throws: StoreFailure.self) { try LocalLeaseStore(directory: file) }
    #expect(
      notADirectory?.text
        == "the lease directory cannot be used: open \(file): Not a directory (ENOTDIR 20)")
    let impossible = #expect(throws: StoreFailure.self) {
      try LocalLeaseStore(directory: "/proc/nothing/claims")
    }
    #expect(impossible?.kind == .misconfigured)
    #expect(impossible?.text.contains("/proc/nothing") == true)
  }
}
