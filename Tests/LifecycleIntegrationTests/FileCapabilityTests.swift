import CLinux
import FoundationEssentials
import LANTestKit
import LinuxSystem
import Testing

/// The program as a container image has it: a file with the capability CAP_NET_RAW, permitted and not effective, and
/// a user that is not root.
@Suite(.needsLAN) struct FileCapabilityTests {
  /// `struct vfs_cap_data`, revision 2: permitted CAP_NET_RAW, as scripts/build-image writes it.
  private static let permitted: [UInt8] = [0, 0, 0, 2, 0, 0x20] + [UInt8](repeating: 0, count: 14)

  /// `check` opens packet sockets, and says if it could not.
  private func check(
    _ program: String, _ host: Host, _ configuration: String, bounding: String = "-all,+net_raw"
  ) async throws -> CommandResult {
    try await host.run(
      "setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", "--inh-caps=-all",
      "--bounding-set=\(bounding)", program, "check", "--config", configuration)
  }

  @Test func theProgramTakesWhatItMay() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let configuration = scratch.path("announcer.yaml")
      try "interfaces: [\"^lan0$\"]\nannouncements: [{addresses: [10.80.8.150]}]\n".write(
        toFile: configuration, atomically: true, encoding: .utf8)
      let program = scratch.path("announcer")
      try FileManager.default.copyItem(atPath: Program.path, toPath: program)
      let words = "packet sockets: this user has no CAP_NET_RAW"

      let without = try await check(program, lan["node"], configuration)
      #expect(without.standardOutput.contains(words), "\(without)")

      let result = unsafe Self.permitted.withUnsafeBytes { bytes in
        unsafe setxattr(program, "security.capability", bytes.baseAddress!, bytes.count, 0)
      }
      try #require(result == 0)
      let with = try await check(program, lan["node"], configuration)
      #expect(with.standardOutput.contains("10.80.8.150"), "\(with)")
      #expect(!with.standardOutput.contains(words), "\(with)")

      // A container without the capability: everything else works all the same.
      let bare = try await check(program, lan["node"], configuration, bounding: "-all")
      #expect(bare.standardOutput.contains(words), "\(bare)")
      let run = try await lan["node"].run(
        "setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", "--inh-caps=-all",
        "--bounding-set=-all", program, "run", "--config", configuration)
      #expect(run.status == .exited(1))
      #expect(run.standardError.contains("capabilities.add: [NET_RAW]"), "\(run)")
    }
  }
}
