internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import LANTestKit
internal import LinuxSystem

/// A directory on tmpfs for a test's members, so that no disk slows their elections.
package struct EtcdScratch: Sendable {
  package let path: String

  package init() throws {
    path = "/dev/shm/announcer-\(getpid())-etcd-\(UInt32.random(in: 0 ... .max))"
    try systemCall("mkdir", path) { [path] in unsafe mkdir(path, 0o700) }
  }

  /// Removes it and all that is in it; also when the test was cancelled because it took too long.
  package func remove() async {
    let removal = Task { [path] in try await runCommand(["rm", "-rf", "--", path]) }
    _ = await removal.result
  }

  /// The same, on the calling thread: for what ends with its last reference.
  package func removeAtOnce() { try? FileManager.default.removeItem(atPath: path) }
}
