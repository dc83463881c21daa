internal import CLinux
internal import Glibc

/// Writes a file that only its owner may read, whole or not at all: what was there stays until the new one
/// is on the disk.
package func writeSecret(_ text: String, to path: String) throws(SystemError) {
  try requireReplaceable(path)
  let temporary = "\(path).\(getpid())"
  do throws(SystemError) {
    try fill(temporary, with: Array(text.utf8))
    try systemCall("rename", path) { unsafe rename(temporary, path) }
  } catch {
    unsafe unlink(temporary)
    throw error
  }
}

/// Makes sure that a file may be put at a path: nothing is there, or a regular file. Renaming would replace a
/// device, a pipe or a link too, and root may do that to `/dev/null`.
///
/// - Throws: EEXIST where something else is there.
package func requireReplaceable(_ path: String) throws(SystemError) {
  var status = stat()
  guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
  throw SystemError(call: "rename", subject: "\(path), which is not a regular file", code: EEXIST)
}

private func fill(_ path: String, with octets: [UInt8]) throws(SystemError) {
  let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
  let descriptor = Descriptor(
    owning: try systemCall("open", path) { unsafe open(path, flags, 0o600) })
  var rest = octets[...]
  while !rest.isEmpty {
    let count = try systemCall("write", path) {
      unsafe rest.withUnsafeBytes { unsafe write(descriptor.rawValue, $0.baseAddress, $0.count) }
    }
    rest = rest.dropFirst(count)
  }
  try systemCall("fsync", path) { fsync(descriptor.rawValue) }
}
