internal import FoundationEssentials
internal import Glibc

/// A directory of one set-up's own, on tmpfs: configuration, sockets, logs, the members' data.
///
/// Not on a disk: etcd waits for it before it answers, and a slow one would be measured.
struct Workplace: Sendable {
  let path: String

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes the directory, runs `body`, and removes it with everything in it.
  static func with<Success>(_ body: (Workplace) async throws -> Success) async throws -> Success {
    sweep()
    var template = Array("\(root)/announcer-\(getpid())-faults-XXXXXX".utf8CString)
    let path = try unsafe template.withUnsafeMutableBufferPointer {
      guard let path = unsafe mkdtemp($0.baseAddress!) else {
        throw HarnessError("mkdtemp below \(root): errno \(errno)")
      }
      return unsafe String(cString: path)
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(Workplace(path: path))
  }

  private static let root = "/dev/shm"

  /// Removes what a run that was killed left behind: directories of pids that are gone.
  private static func sweep() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
      let parts = name.split(separator: "-")
      guard parts.count == 4, parts[0] == "announcer", parts[2] == "faults",
        let pid = pid_t(parts[1]), kill(pid, 0) == -1 && errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
    }
  }
}
