import Configuration
import FoundationEssentials
import Glibc
import LANTestKit
import LinuxSystem
import Synchronization
import Testing

@testable import Daemon

/// Looks at the configuration file for people who ask.
@Suite struct FileLookTests {
  private static func finding(_ text: String) throws -> FileLook.Finding {
    FileLook.Finding(
      outcome: .success(try Configuration.parse(text, file: "a.yaml", hostName: "host-1")),
      stamp: nil)
  }

  @Test func aFileThatHangsHoldsUpNobodyAndOneThreadOnly() async throws {
    let looks = Atomic<Int>(0)
    let gate = DispatchGate()
    let found = try Self.finding("announcements: []")
    let look = FileLook { _ in
      looks.add(1, ordering: .relaxed)
      gate.wait()
      return found
    }
    for _ in 0..<20 {
      #expect(await look.finding(within: .milliseconds(5)) == nil)
    }
    #expect(looks.load(ordering: .relaxed) == 1 && look.askers == 0)
    // A question that comes now is answered by a look that begins after it.
    async let late = look.finding(within: .seconds(60))
    await eventually { look.askers == 1 }
    gate.open()
    #expect(await late != nil)
    #expect(looks.load(ordering: .relaxed) == 2)
  }

  @Test func whatChangesWithinATickOfTheClockIsSeen() async throws {
    let file = FileManager.default.temporaryDirectory.path + "/announcer-look-\(UUID()).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let look = FileLook(file)
    // Some of so many writes fall into one tick, and leave the same times behind.
    for number in 100..<400 {
      try "node: node-\(number)\n".write(toFile: file, atomically: false, encoding: .utf8)
      let found = await look.finding(within: .seconds(60))
      #expect(try found?.outcome.get().node == "node-\(number)")
    }
    try FileManager.default.removeItem(atPath: file)
    let gone = await look.finding(within: .seconds(60))
    #expect(gone?.stamp == nil && (try? gone?.outcome.get()) == nil)
  }

  @Test func whatHasSettledIsNotReadAgain() async throws {
    let file = FileManager.default.temporaryDirectory.path + "/announcer-look-\(UUID()).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try "node: node-a\n".write(toFile: file, atomically: false, encoding: .utf8)
    let stamp = try #require(FileStamp(file))
    let look = FileLook(file)
    let first = await look.finding(within: .seconds(60))
    #expect(first?.isSettled == false, "it was written a moment ago")
    await eventually { wallClockNanoseconds() - stamp.changed > 2_000_000_000 }
    #expect(await look.finding(within: .seconds(60))?.isSettled == true)
  }
}

/// Holds threads until it is opened.
final class DispatchGate: Sendable {
  private let descriptors: (read: Int32, write: Int32)

  init() {
    var pair: [Int32] = [0, 0]
    precondition(unsafe pipe(&pair) == 0)
    descriptors = (pair[0], pair[1])
  }

  func wait() {
    var octet: UInt8 = 0
    _ = unsafe read(descriptors.read, &octet, 1)
  }

  /// For ever: who waits reads the end.
  func open() { close(descriptors.write) }

  deinit { close(descriptors.read) }
}
