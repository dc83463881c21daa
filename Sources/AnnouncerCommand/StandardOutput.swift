internal import Glibc
internal import LinuxSystem

/// Writes all of `octets` to standard output, for commands that go on until somebody ends them: they
/// have to learn that nobody reads any more.
///
/// - Throws: EPIPE where the reader went away, ENOSPC where a disk is full, and the like.
func writeToStandardOutput(_ octets: [UInt8]) throws(SystemError) {
  try writeAll(octets, to: 1)
}

/// `write(2)` until all is out.
func writeAll(_ octets: [UInt8], to descriptor: Int32) throws(SystemError) {
  let subject = descriptor == 1 ? "standard output" : "standard error"
  var rest = octets[...]
  while !rest.isEmpty {
    let count = try systemCall("write", subject) {
      unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
    rest = rest.dropFirst(count)
  }
}
