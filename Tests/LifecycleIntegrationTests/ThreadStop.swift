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

  /// Stops the thread called `name`.
  static func hold(thread name: String, of pid: Int32) async throws -> ThreadStop {
    let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
    let found = threads.compactMap(Int32.init).first { thread in
      let comm = try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/comm", encoding: .utf8)
      return comm == "\(name)\n"
    }
    guard let thread = found else { throw LANError("process \(pid) has no thread \(name)") }
    let stop = ThreadStop()
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
