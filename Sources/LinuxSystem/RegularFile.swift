internal import CLinux
internal import Glibc

/// The octets of a regular file, read to the end.
///
/// Never waits: a named pipe at the path must not hold up the daemon, so the file is opened without
/// blocking and anything but a regular file is refused.
///
/// - Parameter limit: how many octets are read at most; EFBIG beyond. EISDIR for a directory, EINVAL for
///   anything else that is no regular file.
package func contentOfRegularFile(
  _ file: String, atMost limit: Int
) throws(SystemError) -> [UInt8] {
  let descriptor = Descriptor(
    owning: try systemCall("open", file) {
      unsafe open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    })
  var status = stat()
  try systemCall("fstat", file) { unsafe fstat(descriptor.rawValue, &status) }
  switch status.st_mode & S_IFMT {
  case S_IFREG: break
  case S_IFDIR: throw SystemError(call: "read", subject: file, code: EISDIR)
  default: throw SystemError(call: "read", subject: file, code: EINVAL)
  }
  // Read up to one octet beyond the limit, whatever the size was a moment ago.
  var octets: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while octets.count <= limit {
    let count = try systemCall("read", file) {
      unsafe Glibc.read(descriptor.rawValue, &buffer, buffer.count)
    }
    if count == 0 { return octets }
    octets += buffer[..<count]
  }
  throw SystemError(call: "read", subject: file, code: EFBIG)
}
