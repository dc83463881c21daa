import CLinux
import Glibc
import HTTPTransport
import LANTestKit
import LinuxSystem
import NIOSSL
import Testing
import Time

@testable import Kubernetes

/// A folder for one test's files.
struct Folder: Sendable {
  let path: String

  init() throws {
    path = "/dev/shm/announcer-\(getpid())-kubernetes-\(UInt32.random(in: 0 ... .max))"
    try systemCall("mkdir", path) { [path] in unsafe mkdir(path, 0o700) }
  }

  /// Runs a test with a folder, and removes it.
  static func run(_ body: (Folder) async throws -> Void) async throws {
    let folder = try Folder()
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(folder))
    } catch {
      result = .failure(error)
    }
    let removal = Task { [path = folder.path] in try await runCommand(["rm", "-rf", "--", path]) }
    _ = await removal.result
    try result.get()
  }

  /// Puts a file in place as a whole, as those do who rotate tokens; its path.
  @discardableResult
  func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
    let (file, new) = ("\(path)/\(name)", "\(path)/.new")
    let number = try systemCall("open", new) {
      unsafe open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    }
    let descriptor = Descriptor(owning: number)
    let octets = Array(text.utf8)
    let count = try systemCall("write", new) {
      unsafe Glibc.write(descriptor.rawValue, octets, octets.count)
    }
    try #require(count == octets.count)
    try systemCall("rename", file) { unsafe rename(new, file) }
    return file
  }

  func remove(_ name: String) throws {
    try systemCall("unlink", name) { [path] in unsafe unlink("\(path)/\(name)") }
  }

  func read(_ name: String) throws -> String {
    String(decoding: try contentOfRegularFile("\(path)/\(name)", atMost: 1 << 20), as: UTF8.self)
  }
}

func access(
  _ url: String, _ authorization: ClusterUser.Authorization = .none,
  _ change: (inout ClusterAccess) -> Void = { _ in }
) throws -> ClusterAccess {
  var access = ClusterAccess(
    origin: "the test", server: try #require(ServerURL(url)),
    user: ClusterUser(authorization: authorization))
  change(&access)
  return access
}

/// What a call failed with; a failure of the test where it did not.
func failure(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> APIFailure? {
  do {
    try await body()
  } catch let failure as APIFailure {
    return failure
  } catch {
    Issue.record("not an APIFailure: \(error)", sourceLocation: sourceLocation)
    return nil
  }
  Issue.record("it did not fail", sourceLocation: sourceLocation)
  return nil
}

/// Soon enough for a test, late enough for a busy machine.
func soon() -> Instant { .now + .seconds(10) }

let good = #"{"kind":"Thing"}"#

func status(_ code: Int, _ reason: String, _ message: String, details: String = "{}") -> String {
  #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"\#(message)","#
    + #""reason":"\#(reason)","details":\#(details),"code":\#(code)}"#
}

/// Waits until something is so; longer than other tests do, on a machine that is busy with all of them.
func eventually(
  sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async rethrows {
  try await LANTestKit.eventually(
    within: .seconds(20), sourceLocation: sourceLocation, condition)
}
