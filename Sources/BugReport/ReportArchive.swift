internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import LinuxSystem

/// A gzipped tar archive of text files, readable by its owner alone: whole, or not there.
package enum ReportArchive {
  /// - Parameters:
  ///   - name: the directory in the archive.
  ///   - path: where it shall be; what was there is replaced.
  /// - Throws: `SystemError` with the path as its subject, a `ReportPart.Failure` with what tar(1) said.
  package static func write(
    _ files: [(name: String, text: String)], as name: String, to path: String
  ) async throws {
    try requireReplaceable(path)
    let stage = try makeDirectory()
    let temporary = "\(path).\(getpid())"
    // Whatever happens, nothing of it is left lying about.
    defer {
      try? FileManager.default.removeItem(atPath: stage)
      unsafe unlink(temporary)
    }
    try systemCall("mkdir", stage) { unsafe mkdir("\(stage)/\(name)", 0o700) }
    for file in files { try writeSecret(file.text, to: "\(stage)/\(name)/\(file.name)") }
    // Made here with its mode, so that it is never another's to read; tar keeps a file that is there.
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = Descriptor(
      owning: try systemCall("open", path) { unsafe open(temporary, flags, 0o600) })
    _ = try await standardOutput(
      of: "tar",
      [
        "--create", "--gzip", "--file", temporary, "--force-local", "--directory", stage,
        "--owner=root:0", "--group=root:0", "--sort=name", name,
      ])
    try systemCall("fsync", path) { fsync(descriptor.rawValue) }
    try systemCall("rename", path) { unsafe rename(temporary, path) }
  }

  private static func makeDirectory() throws(SystemError) -> String {
    let root = FileManager.default.temporaryDirectory.path
    var template = Array("\(root)/announcer-report-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw SystemError(call: "mkdtemp", subject: root, code: errno)
    }
    return String(
      decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
