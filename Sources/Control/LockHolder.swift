internal import CLinux
internal import Glibc
internal import LinuxSystem

/// The daemon that has the right to a socket's path, whatever has become of the socket.
enum LockHolder {
  /// The process that holds the lock beside `socket`; nil where none does, or nobody can tell.
  ///
  /// The kernel's table is read for it: taking the lock to see would be in the way of a daemon that starts.
  static func process(ofSocket socket: String) -> Int32? {
    let lock = "\(socket).lock"
    var status = stat()
    guard unsafe stat(lock, &status) == 0,
      let text = try? contentOfRegularFile(lock, atMost: 64),
      let process = Int32(
        String(decoding: text.prefix { (0x30...0x39).contains($0) }, as: UTF8.self)),
      let table = try? contentOfRegularFile("/proc/locks", atMost: 4 << 20)
    else { return nil }
    let isHeld = holds(
      process, inode: UInt64(status.st_ino), in: String(decoding: table, as: UTF8.self))
    return isHeld ? process : nil
  }

  /// - Parameter table: `1: FLOCK  ADVISORY  WRITE 29834 00:1b:138343 0 EOF`, a lock a line.
  static func holds(_ process: Int32, inode: UInt64, in table: String) -> Bool {
    table.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ")
      return fields.count >= 6 && fields[1] == "FLOCK" && fields[3] == "WRITE"
        && fields[4] == "\(process)" && fields[5].hasSuffix(":\(inode)")
    }
  }
}
