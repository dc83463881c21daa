import CLinux
import FoundationEssentials
import Glibc
import Lease
import LeaseLocal
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

/// Real processes that are killed while they hold claims.
@Suite(.serialized)
struct LocalCrashTests {
  private let directory = TestDirectory()

  @Test(.timeLimit(.minutes(10)))
  func theClaimsOfAKilledProcessAreHeldByTheOtherAtOnce() async throws {
    var gaps: [Double] = []
    try await directory.withNode("survivor") { node in
      for _ in 0..<20 {
        node.driver.compete(for: [])
        try await node.untilHolding(0)
        let victim = try Victim(directory: directory.path, node: "victim", addresses: [x, y])
        await victim.untilHolding(2)
        node.driver.compete(for: [x, y])
        try await node.until { $0.holders.count == 2 }
        let killed = Instant.now
        victim.kill()
        let view = try await node.untilHolding(2)
        gaps.append((view.held.values.map(\.since).max()! - killed).milliseconds)
        #expect(view.held.values.allSatisfy { $0.since > killed })
      }
    }
    gaps.sort()
    print("SIGKILL to claim held: median \(gaps[gaps.count / 2]) ms, worst \(gaps.last!) ms")
    #expect(gaps[gaps.count / 2] < 30)
    // Some may meet a machine that is busy with the other tests.
    #expect(gaps[gaps.count * 3 / 4] < 100)
  }

  @Test(.timeLimit(.minutes(10)))
  func aFrozenProcessKeepsItsClaims() async throws {
    let victim = try Victim(directory: directory.path, node: "frozen", addresses: [x])
    await victim.untilHolding(1)
    try await directory.withNode("b") { node in
      node.driver.compete(for: [x])
      try await node.until { $0.holders[x] != nil }
      victim.send(SIGSTOP)
      node.driver.confirmOwnership()
      let view = try await node.until { $0.deadline == .distantFuture }
      #expect(view.held.isEmpty)
      #expect(view.holders[x]?.node == "frozen")
      victim.kill()
      try await node.untilHolding(1)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aRestartAfterACrashIsANewSessionAndDoesNotWait() async throws {
    let victim = try Victim(directory: directory.path, node: "a", addresses: [x])
    await victim.untilHolding(1)
    let before = contents("\(directory.path)/a.session")
    victim.kill()
    try await directory.withNode("a") { node in
      node.driver.compete(for: [x])
      try await node.untilHolding(1)
      #expect(contents("\(directory.path)/a.session") != before)
    }
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: getuid() == 0, "mounting takes root"))
  func aFullDiskIsSaidAndTheLockCounts() async throws {
    makeDirectory(directory.path)
    // Four pages hold four records; twenty claims and a session want one each.
    let addresses = (0..<20).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
    let victim = try Victim(
      directory: directory.path, node: "a", addresses: addresses,
      after: #"mount -t tmpfs -o size=16k,nr_inodes=64 tmpfs "$2""#)
    await victim.until { $0.hasPrefix("20 ") && $0.contains("held, but not recorded: write ") }
    #expect(victim.text.contains("No space left on device (ENOSPC 28)"))
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: getuid() == 0, "a mount namespace takes root"))
  func tooFewDescriptorsAreAnErrorForTheAddressesThatFindNone() async throws {
    let addresses = (0..<300).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
    let victim = try Victim(
      directory: directory.path, node: "a", addresses: addresses, after: "ulimit -n 128")
    // Those that got one go on; a quarter of the descriptors stays for the rest of the program.
    await victim.until { line in
      line.contains("keeps a file open, ") && line.contains("may open 128 files")
        && (64...96).contains(Int(line.prefix { $0 != " " })!)
    }
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: getuid() == 0, "a mount namespace takes root"))
  func theSoftLimitOfDescriptorsIsRaised() async throws {
    let addresses = (0..<300).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
    let victim = try Victim(
      directory: directory.path, node: "a", addresses: addresses, after: "ulimit -S -n 64")
    await victim.untilHolding(300)
    #expect(!victim.text.contains("keeps a file open"))
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: getuid() == 0, "mounting takes root"))
  func aReadOnlyFileSystemFailsAtTheStart() async throws {
    makeDirectory(directory.path)
    let victim = try Victim(
      directory: directory.path, node: "a", addresses: [x],
      after: #"mount -t tmpfs -o ro tmpfs "$2""#)
    await victim.until { !$0.isEmpty }
    #expect(
      victim.text == "the lease directory cannot be used: access \(directory.path): "
        + "Read-only file system (EROFS 30)\n")
  }
}
