import FoundationEssentials
import Glibc
import LANTestKit
import LinuxSystem
import Testing
import Time

/// Whether the kernel has time namespaces and lets us make one.
private let mayMakeTimeNamespaces = unsafe geteuid() == 0 && access("/proc/self/ns/time", F_OK) == 0

@Suite struct BootClockTests {
  /// In a time namespace the boot clock can be set apart from the monotonic one, as suspend does.
  @Test(
    .enabled(if: mayMakeTimeNamespaces, "needs root and a kernel with time namespaces"),
    .timeLimit(.minutes(10)))
  func nowIsTheBootClock() async throws {
    // Built together with the tests, beside the executable that runs them.
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let reader =
      URL(fileURLWithPath: executable).deletingLastPathComponent().path
      + "/BootClockReader"
    let result = try await runCommand([
      "unshare", "--time", "--boottime", "100000", "--", reader,
    ])
    #expect(result.succeeded, "\(result.standardOutput)\(result.standardError)")
  }

  @Test func nowGoesForward() {
    let first = Instant.now
    #expect(Instant.now >= first)
    #expect(first > Instant(nanoseconds: 0))
  }
}
