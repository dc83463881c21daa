internal import CLinux
internal import Glibc
internal import LinuxSystem
package import Testing

extension LAN {
  /// Why this process cannot make network namespaces; nil where it can.
  package static let reasonNotAvailable: String? = {
    guard geteuid() == 0 else { return "network namespaces need root" }
    for tool in ["ip", "tcpdump", "arping", "ndisc6"] where !isInstalled(tool) {
      return "\(tool) is not installed"
    }
    // A container's root may still lack CAP_SYS_ADMIN: only trying tells. A thread of its own, so
    // that nobody else's namespace changes.
    let mayUnshare = try? runBlocking(["unshare", "--net", "true"]) == .exited(0)
    return mayUnshare == true ? nil : "this root may not make network namespaces"
  }()

  /// Whether this process can make network namespaces; tests that need them ask for it with
  /// `.needsLAN`.
  package static var isAvailable: Bool { reasonNotAvailable == nil }

  private static func isInstalled(_ tool: String) -> Bool {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"])
      .contains { unsafe access("\($0)/\(tool)", X_OK) == 0 }
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test only where network namespaces can be made; says visibly why it was skipped.
  package static var needsLAN: Self {
    .enabled(
      if: LAN.isAvailable,
      Comment(rawValue: "skipped: \(LAN.reasonNotAvailable ?? "network namespaces work here")"))
  }
}

/// Runs a command to its end on the calling thread, its output thrown away.
func runBlocking(_ arguments: [String]) throws(SystemError) -> ProcessStatus {
  let sink = Descriptor(
    owning: try systemCall("open", "/dev/null") { unsafe open("/dev/null", O_WRONLY | O_CLOEXEC) })
  let pid = try spawnProcess(
    arguments, environment: [:], output: sink.rawValue, error: sink.rawValue)
  var raw: Int32 = 0
  try systemCall("waitpid") { unsafe waitpid(pid, &raw, 0) }
  return ProcessStatus(raw: raw)
}
