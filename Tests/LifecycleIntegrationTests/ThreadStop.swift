import CThreadStop
import FoundationEssentials
import Glibc
import LANTestKit
import LinuxSystem
import Synchronization

/// One thread of a process, held still while all the others run.
final class ThreadStop: Sendable {
  private enum Stage {
    case stopping
    case held
    case failed(Int32)
    case releasing
    case released
  }
  private let stage = Mutex(Stage.stopping)
  private let thread: Int32

  private init(_ thread: Int32) { self.thread = thread }

  /// Stops the thread called `name`.
  static func hold(thread name: String, of pid: Int32) async throws -> ThreadStop {
    guard let thread = try threads(named: name, of: pid).first else {
      throw LANError("process \(pid) has no thread \(name)")
    }
    return try await hold(thread, name)
  }

  /// Stops all threads called `name`, but for those that stand already.
  static func hold(
    allThreads name: String, of pid: Int32, but held: [ThreadStop]
  ) async throws -> [ThreadStop] {
    var stops: [ThreadStop] = []
    for thread in try threads(named: name, of: pid)
    where !held.contains(where: { $0.thread == thread }) {
      stops.append(try await hold(thread, name))
    }
    return stops
  }

  private static func threads(named name: String, of pid: Int32) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").compactMap(Int32.init)
      .filter { thread in
        let comm = try? String(
          contentsOfFile: "/proc/\(pid)/task/\(thread)/comm", encoding: .utf8)
        return comm == "\(name)\n"
      }
  }

  private static func hold(_ thread: Int32, _ name: String) async throws -> ThreadStop {
    let stop = ThreadStop(thread)
    // A tracer is a thread, not a process: the same one must stop and let go.
    startThread(named: "tracer") {
      let code = thread_stop(thread)
      stop.stage.withLock { $0 = code == 0 ? .held : .failed(code) }
      guard code == 0 else { return }
      while !stop.isReleasing { _ = usleep(5000) }
      _ = thread_continue(thread)
      stop.stage.withLock { $0 = .released }
    }
    let held = try await timeUntil {
      switch stop.stage.withLock({ $0 }) {
      case .held: return true
      case .failed(let code): throw LANError("ptrace: errno \(code)")
      default: return false
      }
    }
    guard held != nil else { throw LANError("thread \(name) does not stop") }
    return stop
  }

  private var isReleasing: Bool {
    stage.withLock { if case .releasing = $0 { true } else { false } }
  }

  /// Lets the thread go on.
  func release() async {
    stage.withLock { $0 = .releasing }
    _ = await timeUntil { stage.withLock { if case .released = $0 { true } else { false } } }
  }

}
