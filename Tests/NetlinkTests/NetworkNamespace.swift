import CLinux
import Glibc
import LinuxSystem
import Testing

/// Whether tests may make network namespaces.
let mayMakeNamespaces = geteuid() == 0

/// A network namespace that lives as long as this value: it has no name, so it leaves nothing behind.
final class NetworkNamespace: Sendable {
  private let descriptor: Descriptor

  init() async throws {
    let number = try await withThread(named: "namespace") { () throws(SystemError) in
      try systemCall("unshare") { unshare(clinux_clone_newnet()) }
      return try systemCall("open", "/proc/thread-self/ns/net") {
        unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
      }
    }
    descriptor = Descriptor(owning: number)
  }

  /// Runs `body` on a thread that is in the namespace.
  func run<Success: Sendable>(
    _ body: @escaping @Sendable () throws -> Success
  ) async throws -> Success {
    try await withThread(named: "in-namespace") { () throws(any Error) in
      try systemCall("setns") { setns(self.descriptor.rawValue, clinux_clone_newnet()) }
      return try body()
    }
  }

  /// Runs a script in the namespace and returns what it printed; fails where the script does.
  @discardableResult
  func shell(_ script: String) async throws -> String {
    try await run { try NetworkNamespace.output(of: script) }
  }

  private struct Failure: Error {
    let script: String
    let status: Int32
    let output: String
  }

  private static func output(of script: String) throws -> String {
    guard let pipe = unsafe popen("set -e; exec 2>&1; \(script)", "re") else {
      throw SystemError(call: "popen", subject: script, code: errno)
    }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, pipe)
      if count == 0 { break }
      output += chunk.prefix(count)
    }
    let status = unsafe pclose(pipe)
    let text = String(decoding: output, as: UTF8.self)
    guard status == 0 else { throw Failure(script: script, status: status, output: text) }
    return text
  }
}
