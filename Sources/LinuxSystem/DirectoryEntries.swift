internal import CLinux
internal import Glibc

/// The names in a directory, in no order, with `.` and `..`; nil where it cannot be listed, and `errno` says why.
package func directoryEntries(_ path: String) -> [String]? {
  guard let directory = unsafe opendir(path) else { return nil }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let length = unsafe Int(entry.pointee.d_reclen) - MemoryLayout<dirent>.offset(of: \.d_name)!
    names.append(
      unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
        unsafe String(decoding: octets.prefix(length).prefix { $0 != 0 }, as: UTF8.self)
      })
  }
  return names
}
