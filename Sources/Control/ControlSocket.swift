internal import CLinux
internal import Glibc
internal import LinuxSystem

/// The listening end of the control socket, and the right to the path it stands at.
///
/// The path alone cannot tell two daemons apart: a file left behind by a crash looks like one that
/// is served, and two starters that both find it stale would both replace it. So a lock on a file
/// beside it comes first; the kernel drops it with its process, and it is never removed, because
/// removing a lock file while another process opens it is the same race again.
final class ControlSocket: Sendable {
  let path: String
  private let listener: Descriptor
  private let lock: Descriptor
  /// What we bound: whatever else is at the path by the end is not ours to remove.
  private let identity: (device: UInt64, inode: UInt64)

  /// To poll for POLLIN.
  var fileDescriptor: Int32 { listener.rawValue }

  /// Takes the path: creates its directory where there is none, replaces a socket that nobody
  /// serves, and refuses everything else that is there.
  init(path: String) throws(ControlFailure) {
    guard let address = UnixAddress(path: path) else {
      throw ControlFailure(
        .obstructed,
        "control socket \(path): the path has \(path.utf8.count) octets, 1 to "
          + "\(UnixAddress.longestPath) fit")
    }
    do throws(SystemError) {
      try Self.createDirectory(of: path)
      lock = Descriptor(
        owning: try systemCall("open", "\(path).lock") {
          unsafe open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        })
    } catch {
      throw ControlFailure(.obstructed, "control socket \(path): \(error)")
    }
    guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
      throw Self.served(path, Self.server(at: address) ?? Self.owner(of: lock))
    }
    try Self.removeStale(path, address)
    do throws(SystemError) {
      listener = Descriptor(
        owning: try systemCall("socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) })
      identity = try Self.bind(listener.rawValue, to: address, path)
    } catch {
      throw ControlFailure(.obstructed, "control socket \(path): \(error)")
    }
    self.path = path
    Self.write(process: getpid(), to: lock)
  }

  deinit { close() }

  /// Takes the socket off its path, where it is still ours, and turns away who is still waiting.
  /// May be called again.
  func close() {
    var status = stat()
    if unsafe lstat(path, &status) == 0, UInt64(status.st_dev) == identity.device,
      UInt64(status.st_ino) == identity.inode, flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0
    {
      _ = unsafe unlink(path)
    }
    shutdown(listener.rawValue, Int32(SHUT_RDWR))
    flock(lock.rawValue, LOCK_UN)
  }

  /// Binds and listens; the answer is what then stands at the path.
  private static func bind(
    _ descriptor: Int32, to address: UnixAddress, _ path: String
  ) throws(SystemError) -> (device: UInt64, inode: UInt64) {
    makeNonblocking(descriptor)
    // The file takes its mode from the socket when it is bound, so that at no moment anybody else
    // may connect; the second call undoes what the umask took away.
    try systemCall("fchmod", path) { fchmod(descriptor, 0o660) }
    try systemCall("bind", path) {
      unsafe address.withPointer { unsafe Glibc.bind(descriptor, $0, $1) }
    }
    try systemCall("chmod", path) { unsafe chmod(path, 0o660) }
    var status = stat()
    try systemCall("lstat", path) { unsafe lstat(path, &status) }
    try systemCall("listen", path) { listen(descriptor, 4096) }
    return (UInt64(status.st_dev), UInt64(status.st_ino))
  }

  private static func createDirectory(of path: String) throws(SystemError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let directory = String(path[..<slash])
    if unsafe mkdir(directory, 0o750) == 0 {
      try systemCall("chmod", directory) { unsafe chmod(directory, 0o750) }
    } else if errno != EEXIST {
      throw SystemError(call: "mkdir", subject: directory, code: errno)
    }
  }

  private static func removeStale(
    _ path: String, _ address: UnixAddress
  ) throws(ControlFailure) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ControlFailure(
        .obstructed,
        "control socket \(path): something that is not a socket is there; remove it, or set "
          + "`control.socket` to another path")
    }
    let refusal: SystemError
    var process: Int32?
    do throws(SystemError) {
      let descriptor = try connected(to: address, path)
      process = peerProcess(of: descriptor.rawValue)
      throw SystemError(call: "connect", subject: path, code: EISCONN)
    } catch {
      refusal = error
    }
    switch refusal.code {
    case ECONNREFUSED:
      if unsafe unlink(path) != 0, errno != ENOENT {
        let error = SystemError(call: "unlink", subject: path, code: errno)
        throw ControlFailure(.obstructed, "control socket \(path): \(error)")
      }
    // A full queue of connections is a server too.
    case EISCONN, EAGAIN: throw served(path, process)
    default: throw ControlFailure(.obstructed, "control socket \(path): \(refusal)")
    }
  }

  private static func served(_ path: String, _ process: Int32?) -> ControlFailure {
    let who = process.map { " (pid \($0))" } ?? ""
    return ControlFailure(
      .served, "control socket \(path) is served by another announcer\(who)")
  }

  /// Who serves the socket; nil where nobody does (yet).
  private static func server(at address: UnixAddress) -> Int32? {
    guard let descriptor = try? connected(to: address, "") else { return nil }
    return peerProcess(of: descriptor.rawValue)
  }

  private static func connected(
    to address: UnixAddress, _ path: String
  ) throws(SystemError) -> Descriptor {
    let descriptor = Descriptor(
      owning: try systemCall("socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) })
    makeNonblocking(descriptor.rawValue)
    try systemCall("connect", path) {
      unsafe address.withPointer { unsafe connect(descriptor.rawValue, $0, $1) }
    }
    return descriptor
  }

  /// The lock's file says whose it is, for the moment between taking it and listening.
  private static func write(process: Int32, to lock: borrowing Descriptor) {
    let text = Array("\(process)\n".utf8)
    if ftruncate(lock.rawValue, 0) == 0 { _ = unsafe pwrite(lock.rawValue, text, text.count, 0) }
  }

  private static func owner(of lock: borrowing Descriptor) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = unsafe pread(lock.rawValue, &buffer, buffer.count, 0)
    let digits = buffer.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
