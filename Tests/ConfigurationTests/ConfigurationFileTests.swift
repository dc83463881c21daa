import Configuration
import Glibc
import Testing

struct ConfigurationFileTests {
  /// What loading says about a file with this content, its path cut off.
  private func fault(octets: [UInt8]) throws -> String {
    var path = Array("/tmp/announcer-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&path)
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = unsafe unlink(name) }
    var written = 0
    while written < octets.count {
      written += unsafe octets[written...].withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress, $0.count)
      }
    }
    close(descriptor)
    return load(name)
  }

  private func load(_ file: String) -> String {
    do throws(ConfigurationFailure) {
      return try Configuration.load(file: file, hostName: "h").node
    } catch {
      return String(error.description.dropFirst(file.count))
    }
  }

  /// As editors and shells on any system save it, with a comment that looks like aliases.
  @Test func aFileIsReadInAnyEncoding() throws {
    let text =
      "node: node-x  # all: *, see {a}: b\n# *\n# x}:\ninterfaces: &a [lan0]\n"
      + "selfCheck: {interfaces: *a}\n"
    for end in ["\n", "\r\n"] {
      for mark in ["", "\u{feff}"] {
        let written = mark + text.replacing("\n", with: end)
        let units = written.utf16.map { $0 }
        for octets in [
          Array(written.utf8), units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] },
          units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] },
        ] {
          #expect(try fault(octets: octets) == "node-x")
        }
      }
    }
  }

  @Test func aFileIsRead() throws {
    #expect(try fault(octets: Array("node: node-é".utf8)).contains("cannot name a node"))
    #expect(try fault(octets: Array("node: n".utf8)) == "n")
  }

  @Test func whatIsNoFileSaysSo() {
    #expect(
      load("/nonexistent/a.yaml")
        == ": there is no such file; write one, or name another with --config")
    #expect(load("/etc") == ": this is a directory; name the file in it")
    #expect(load("/dev/null") == ": this is not a regular file; name the right file")
  }

  @Test func aTextThatIsNotUTF8HasItsPlace() throws {
    #expect(
      try fault(octets: Array("node: a\n# ".utf8) + [0xff])
        == ":2:3: the text is not UTF-8; save the file in UTF-8")
  }

  @Test func aFileThatIsTooLargeIsNotRead() throws {
    #expect(
      try fault(octets: [UInt8](repeating: 0x20, count: 8 << 20 + 1))
        == ": the file is larger than 8 MiB; name the right file")
  }

  @Test(.enabled(if: geteuid() != 0, "root reads everything"))
  func aFileThatMayNotBeReadSaysSo() {
    #expect(load("/etc/shadow").hasPrefix(": permission denied; user "))
  }
}
