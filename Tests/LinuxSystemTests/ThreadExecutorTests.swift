import Glibc
import LinuxSystem
import Synchronization
import Testing
import Time

/// A thread of its own for tasks that must not wait for the pool.
@Suite(.timeLimit(.minutes(2)))
struct ThreadExecutorTests {
  private static func threadName() -> String? { threadName("/proc/thread-self") }

  /// Nil where there is no such thread.
  private static func threadName(_ folder: String) -> String? {
    let file = unsafe fopen("\(folder)/comm", "r")
    guard let file = unsafe file else { return nil }
    defer { _ = unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 32)
    guard unsafe fgets(&line, 32, file) != nil else { return nil }
    return String(decoding: line.prefix { $0 != 10 }.map(UInt8.init), as: UTF8.self)
  }

  @Test func tasksAndTheirChildrenRunOnIt() async {
    await withTaskExecutorPreference(ThreadExecutor(named: "mine")) {
      #expect(Self.threadName() == "mine")
      async let child = Self.threadName()
      #expect(await child == "mine")
      try? await BootTimer.sleep(for: .milliseconds(1))
      #expect(Self.threadName() == "mine")
    }
    #expect(Self.threadName() != "mine")
  }

  /// As many computations as the pool has threads for, and more.
  @Test func theyDoNotWaitForThePool() async {
    let end = Instant.now + .seconds(1)
    let beats = await withTaskGroup(of: Int.self) { group in
      group.addTask(executorPreference: ThreadExecutor(named: "mine")) {
        var beats = 0
        while .now < end {
          try? await BootTimer.sleep(for: .milliseconds(10))
          beats += 1
        }
        return beats
      }
      for _ in 0..<(2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))) {
        group.addTask {
          while .now < end {}
          return 0
        }
      }
      return await group.reduce(0, +)
    }
    // A hundred where nothing else runs, and none where it waits for the pool.
    #expect(beats > 10)
  }

  @Test func theThreadEndsWithTheExecutor() async throws {
    await withTaskExecutorPreference(ThreadExecutor(named: "ends")) {
      #expect(Self.isRunning("ends"))
    }
    let end = Instant.now + .seconds(30)
    while Self.isRunning("ends"), .now < end {
      try await BootTimer.sleep(for: .milliseconds(5))
    }
    #expect(!Self.isRunning("ends"))
  }

  /// Whether this process has a thread of this name.
  private static func isRunning(_ name: String) -> Bool {
    (directoryEntries("/proc/self/task") ?? []).contains {
      threadName("/proc/self/task/\($0)") == name
    }
  }
}
