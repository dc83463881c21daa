internal import Glibc
internal import LinuxSystem

/// Writes all of `octets` to standard output, for commands that go on until somebody ends them: they
/// have to learn that nobody reads any more.
///
/// - Throws: EPIPE where the reader went away, ENOSPC where a disk is full, and the like.
func writeToStandardOutput(_ octets: [UInt8]) throws(SystemError) {
  var rest = octets[...]
  while !rest.isEmpty {
    let count = try systemCall("write", "standard output") {
      unsafe rest.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
    }
    rest = rest.dropFirst(count)
  }
}
