internal import CLinux
internal import Glibc
internal import LinuxSystem

/// The processes whose network namespace is the named one: by inode, as `ip netns pids` finds them.
func processes(in namespace: String) -> [pid_t] {
  guard let wanted = inode("/run/netns/\(namespace)") else { return [] }
  return (directoryEntries("/proc") ?? []).compactMap(pid_t.init).filter {
    $0 != getpid() && inode("/proc/\($0)/ns/net") == wanted
  }
}

private func inode(_ path: String) -> UInt64? {
  var status = stat()
  return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
}

/// Runs `body` on a thread of its own whose network namespace is the named one. Sockets that it
/// opens stay in that namespace wherever they are used later.
func withNamespace<Success: Sendable>(
  _ namespace: String, _ body: @escaping @Sendable () throws -> Success
) async throws -> Success {
  try await withThread(named: "in-namespace") {
    let path = "/run/netns/\(namespace)"
    let descriptor = Descriptor(
      owning: try systemCall("open", path) { unsafe open(path, O_RDONLY | O_CLOEXEC) })
    try systemCall("setns", path) { setns(descriptor.rawValue, clinux_clone_newnet()) }
    return try body()
  }
}
