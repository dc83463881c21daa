import CLinux
import FoundationEssentials
import Glibc
import LinuxSystem
import Testing
import Wire

/// A process of its own that takes part in the election, until it is killed.
final class Victim {
  private let process: pid_t
  private let output: Descriptor
  private(set) var text = ""
  private var isAlive = true

  /// - Parameters:
  ///   - script: shell commands to run before, in a mount namespace of the process; `$2` is the
  ///     directory.
  ///   - preferences: `address=node`, written instead of claiming anything.
  init(
    directory: String, node: String, addresses: [IPAddress] = [], preferences: [String] = [],
    after script: String? = nil
  ) throws {
    let built = URL(fileURLWithPath: try #require(Self.executable)).deletingLastPathComponent().path
    let program = "\(built)/LeaseLocalTestHolder"
    var ends: [Int32] = [0, 0]
    try systemCall("pipe") { unsafe pipe(&ends) }
    output = Descriptor(owning: ends[0])
    let input = Descriptor(owning: ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(output.rawValue, F_SETFL, O_NONBLOCK)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input.rawValue, 1)
    // What other tests have open is not the victim's: it may have to do with few descriptors.
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      if let number = Int32(name), number > 2 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    }
    var arguments = [program, directory, node] + addresses.map(\.description) + preferences
    if let script {
      arguments = ["unshare", "--mount", "sh", "-c", "\(script) && exec \"$@\"", "sh"] + arguments
    }
    var vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for index in arguments.indices { unsafe free(vector[index]) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &vector, environ)
    guard code == 0 else {
      throw SystemError(call: "posix_spawn", subject: arguments[0], code: code)
    }
    self.process = process
  }

  private static var executable: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  /// Waits until the process says that it holds this many addresses.
  func untilHolding(_ count: Int) async {
    await until { $0.hasPrefix("\(count) ") }
  }

  /// Waits until the last line that the process wrote satisfies the condition.
  func until(_ condition: (Substring) -> Bool) async {
    await eventually {
      var buffer = [UInt8](repeating: 0, count: 256)
      let length = unsafe read(output.rawValue, &buffer, buffer.count)
      if length > 0 { text += String(decoding: buffer.prefix(length), as: UTF8.self) }
      guard text.hasSuffix("\n") else { return false }
      return condition(text.dropLast().split(separator: "\n").last ?? "")
    }
  }

  func send(_ signal: Int32) { Glibc.kill(process, signal) }

  /// SIGKILL; the kernel does the rest.
  func kill() {
    guard isAlive else { return }
    isAlive = false
    send(SIGKILL)
    var status: Int32 = 0
    unsafe waitpid(process, &status, 0)
  }

  deinit { kill() }
}
