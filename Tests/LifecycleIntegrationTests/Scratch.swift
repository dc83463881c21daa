import FoundationEssentials
import Glibc
import LANTestKit
import Synchronization

/// A directory of one test's own, for configuration files, sockets and leases.
struct Scratch: Sendable {
  /// Short: a socket's path has 107 octets at most.
  let directory: String

  private static let counter = Atomic<Int>(0)

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  /// Makes the directory, runs `body`, and removes it with everything in it.
  static func with<Success>(_ body: (Scratch) async throws -> Success) async throws -> Success {
    let number = counter.add(1, ordering: .relaxed).newValue
    let root = FileManager.default.temporaryDirectory.path
    let scratch = Scratch(directory: "\(root)/announcer-life-\(getpid())-\(number)")
    try FileManager.default.createDirectory(
      atPath: scratch.directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch.directory) }
    return try await body(scratch)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}

/// Makes a LAN and a scratch directory; both are gone afterwards, however the test ends.
func withLAN(
  _ hosts: [String] = ["node", "client"],
  _ body: (LAN, Scratch) async throws -> Void
) async throws {
  try await Scratch.with { scratch in
    try await LAN.with(hosts: hosts) { lan in
      try await body(lan, scratch)
    }
  }
}

/// The time of day in nanoseconds: the clock of captures.
func wallClock() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Tells the reader of the test's output a figure that was measured.
func report(_ what: String, milliseconds: Double) {
  print("measured: \(what): \((milliseconds * 10).rounded() / 10) ms")
}
