import CLinux
import Foundation
import Glibc
import LANTestKit
import SeededRandom
import Testing

@testable import HostAudit

/// The kernel, asked as another user, is of the same opinion as the judgement.
@Suite(.enabled(if: geteuid() == 0, "needs root")) struct KernelAgreesTests {
  private static let identity = ServiceIdentity(
    user: "nobody", userID: 65534, group: "daemon", groupIDs: [1])

  @Test func aboutModesOwnersAndAccessLists() async throws {
    let root = FileManager.default.temporaryDirectory.path + "/announcer-access-\(UUID())"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    unsafe chmod(root, 0o755)
    var random = SplitMix64(seed: 7)
    var files: [String] = []
    for number in 0..<120 {
      let directory = "\(root)/d\(number)"
      let file = "\(directory)/f"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: file))
      for path in [directory, file] {
        let mode = mode_t.random(in: 0...0o777, using: &random)
        unsafe chown(
          path, [0, 65534].randomElement(using: &random)!,
          [0, 1, 4].randomElement(using: &random)!)
        unsafe chmod(path, path == directory && Bool.random(using: &random) ? mode | 0o111 : mode)
      }
      if Bool.random(using: &random) { try putAccessList(on: file, &random) }
      files.append(file)
    }
    let link = "\(root)/link"
    unsafe symlink("d0/../d1/f", link)
    files.append(link)
    let answer = try await runCommand(
      [
        "setpriv", "--reuid", "65534", "--regid", "1", "--clear-groups", "sh", "-c",
        "for file; do if test -r \"$file\"; then echo \"$file\"; fi; done", "sh",
      ] + files)
    let readable = Set(answer.standardOutput.split(separator: "\n").map(String.init))
    let access = ServiceAccess(unit: ServiceUnit(), identity: Self.identity)
    for file in files {
      let steps = try PathWalk.steps(to: file)
      let verdict = access.judge(steps, .read, path: file)
      #expect((verdict == .allowed) == readable.contains(file), "\(file): \(verdict), \(steps)")
    }
    #expect(!readable.isEmpty && readable.count < files.count)
  }

  /// As setfacl(1) would, which need not be installed.
  private func putAccessList(on file: String, _ random: inout SplitMix64) throws {
    func entry(_ tag: UInt16, _ id: UInt32 = .max) -> [UInt8] {
      let permissions = UInt16.random(in: 0...7, using: &random)
      let fields = (tag.littleEndian, permissions.littleEndian, id.littleEndian)
      return unsafe withUnsafeBytes(of: fields) { unsafe Array($0) }
    }
    var octets: [UInt8] = [2, 0, 0, 0] + entry(0x01)
    if Bool.random(using: &random) { octets += entry(0x02, 65534) }
    octets += entry(0x02, 70000) + entry(0x04)
    if Bool.random(using: &random) { octets += entry(0x08, 1) }
    octets += entry(0x08, 4) + entry(0x10) + entry(0x20)
    let result = unsafe setxattr(file, "system.posix_acl_access", octets, octets.count, 0)
    try #require(result == 0 || errno == EOPNOTSUPP, "setxattr: \(errno)")
  }

  @Test func aWayThatEndsIsAnError() throws {
    #expect(throws: (any Error).self) { try PathWalk.steps(to: "/nonexistent/x") }
    let loop = FileManager.default.temporaryDirectory.path + "/announcer-loop-\(UUID())"
    unsafe symlink(loop, loop)
    defer { unsafe unlink(loop) }
    #expect(throws: (any Error).self) { try PathWalk.steps(to: loop) }
  }
}
