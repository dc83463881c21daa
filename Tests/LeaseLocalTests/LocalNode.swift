import FoundationEssentials
import Glibc
import Lease
import LeaseLocal
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

let x = IPAddress("10.0.0.1")!
let y = IPAddress("2001:db8::2")!

/// A driver on an embedded store, in this process.
struct LocalNode {
  let driver: LeaseDriver
  let recorder = ViewRecorder()

  @discardableResult
  func until(_ condition: (LeaseView) -> Bool) async throws -> LeaseView {
    let view = await recorder.until(condition)
    return try #require(view)
  }

  @discardableResult
  func untilHolding(_ count: Int) async throws -> LeaseView {
    try await until { $0.held.count == count }
  }
}

/// A directory of its own for each test, removed with it.
final class TestDirectory: Sendable {
  let path: String

  init() {
    // On a tmpfs, as /run is, where there is one.
    var isDirectory = false
    let hasMemory = FileManager.default.fileExists(atPath: "/dev/shm", isDirectory: &isDirectory)
    let parent =
      hasMemory && isDirectory ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    path = "\(parent)/announcer-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var claim: String { "\(path)/\(x).claim" }

  /// Runs a node while `body` runs, then shuts it down.
  func withNode(
    _ name: String, limits: LeaseLimits = LeaseLimits(), _ body: (LocalNode) async throws -> Void
  ) async throws {
    let driver = LeaseDriver(
      store: try LocalLeaseStore(directory: path), node: name, timing: nil, limits: limits,
      now: { .now })
    let node = LocalNode(driver: driver)
    async let run: Void = driver.run()
    async let views: Void = node.recorder.record(driver.views)
    let start = Instant.now
    do {
      try await body(node)
      // Everything here is a matter of milliseconds; the full check after 30 s must not be what helped.
      #expect(Instant.now - start < LocalEngine.fullCheckInterval / 2)
    } catch {
      await driver.shutDown()
      throw error
    }
    await driver.shutDown()
    await run
    await views
  }
}

/// Waits until something outside any stream is so.
func eventually(_ condition: () -> Bool) async {
  while !condition() {
    guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return }
  }
}

/// What an operator does by hand; a failure is a test's failure.
func deleteFile(_ path: String) {
  #expect(unsafe unlink(path) == 0)
}

func moveFile(_ path: String, to other: String) {
  #expect(unsafe rename(path, other) == 0)
}

func makeDirectory(_ path: String) {
  #expect(unsafe mkdir(path, 0o750) == 0)
}

func contents(_ path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}
