import FoundationEssentials
import Glibc
import Testing

@testable import LinuxSystem

struct SecretFileTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let name = "announcer-secret-\(UInt64.random(in: 0 ... .max))"
    let path = FileManager.default.temporaryDirectory.path + "/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func itsOwnerAloneMayReadIt() throws {
    try withDirectory { directory in
      let path = "\(directory)/kubeconfig"
      try "old".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(unsafe chmod(path, 0o644) == 0)
      try writeSecret("new", to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
      var status = stat()
      #expect(unsafe stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["kubeconfig"])
    }
  }

  @Test func aFailureLeavesWhatWasThere() throws {
    try withDirectory { directory in
      #expect(throws: SystemError.self) { try writeSecret("x", to: "\(directory)/none/kubeconfig") }
      // A directory in its place: the new file exists already when that is found out.
      let path = "\(directory)/there"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      #expect(throws: SystemError.self) { try writeSecret("x", to: path) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["there"])
    }
  }
}
