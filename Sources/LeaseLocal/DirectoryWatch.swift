internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Tells what happens to the files of one directory (`inotify(7)`).
final class DirectoryWatch {
  enum Event: Hashable {
    /// Something happened to the file; `closed` when somebody who could write closed it, which is also
    /// what the death of its owner looks like.
    case file(name: String, closed: Bool)
    /// Events were lost.
    case overflow
    /// The directory itself is gone from its place.
    case directoryGone
  }

  /// The directory that is watched, whatever its name by now.
  private let identity: FileIdentity
  private let descriptor: Descriptor

  /// Creation needs no watching: a file that was created says nothing before it is written or locked,
  /// and writing shows. IN_MODIFY is what tells candidates the name of a new owner, who keeps the file
  /// open.
  private static let mask = UInt32(
    IN_CLOSE_WRITE | IN_MODIFY | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF
      | IN_MOVE_SELF | IN_ONLYDIR)

  init(_ directory: String) throws(SystemError) {
    guard let identity = FileIdentity.named(directory, followingLinks: true) else {
      throw SystemError(call: "stat", subject: directory, code: ENOENT)
    }
    self.identity = identity
    let number = try systemCall("inotify_init1") {
      inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    }
    descriptor = Descriptor(owning: number)
    try systemCall("inotify_add_watch", directory) {
      unsafe inotify_add_watch(number, directory, Self.mask)
    }
  }

  /// Whether the path still names the directory that is watched.
  func isInPlace(_ directory: String) -> Bool {
    FileIdentity.named(directory, followingLinks: true) == identity
  }

  /// To poll for POLLIN.
  var fileDescriptor: Int32 { descriptor.rawValue }

  /// Everything that has happened since the last call, repetitions left out.
  func events() -> [Event] {
    var events: [Event] = []
    var known: Set<Event> = []
    while true {
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        count = unsafe max(read(descriptor.rawValue, buffer.baseAddress, buffer.count), 0)
      }
      if bytes.isEmpty { return events }
      for event in Self.parse(bytes) where known.insert(event).inserted { events.append(event) }
    }
  }

  /// Reads a run of `struct inotify_event`: wd, mask, cookie, length of the name, name with padding.
  static func parse(_ bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    var offset = 0
    while offset + 16 <= bytes.count {
      let mask = number(bytes, at: offset + 4)
      let end = offset + 16 + Int(number(bytes, at: offset + 12))
      guard end <= bytes.count else { break }
      let name = bytes[(offset + 16)..<end].prefix { $0 != 0 }
      offset = end
      if mask & UInt32(IN_Q_OVERFLOW) != 0 {
        events.append(.overflow)
      } else if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT) != 0 {
        events.append(.directoryGone)
      } else if let name = String(validating: name, as: UTF8.self), !name.isEmpty {
        events.append(.file(name: name, closed: mask & UInt32(IN_CLOSE_WRITE) != 0))
      }
    }
    return events
  }

  /// 32 bits, least significant octet first: every machine that Swift on Linux runs on.
  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    return value
  }
}
