import LANTestKit
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Daemon

@Suite(.timeLimit(.minutes(1)))
struct MemoryServiceTests {
  /// When memory was given back, and whether it was for the first time.
  private final class Trims: Sendable {
    private let all = Mutex<[(at: Instant, isFirst: Bool)]>([])
    var times: [Instant] { all.withLock { $0.map(\.at) } }
    var firsts: [Bool] { all.withLock { $0.map(\.isFirst) } }
    func add(_ isFirst: Bool) { all.withLock { $0.append((.now, isFirst)) } }
  }

  @Test func memoryIsGivenBackOnceAfterEachBurstOfWork() async {
    let trims = Trims()
    let delay = Duration.milliseconds(200)
    let service = MemoryService(after: delay) { trims.add($0) }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await service.run() }
      service.noteWork()
      service.noteWork()
      let last = Instant.now
      service.noteWork()
      await eventually { trims.times.count == 1 }
      #expect(trims.times[0] - last >= delay)
      service.noteWork()
      await eventually { trims.times.count == 2 }
      // The code that the start needed is let go of once.
      #expect(trims.firsts == [true, false])
      group.cancelAll()
    }
  }

  /// The end of the daemon waits for nothing that is not due.
  @Test func theServiceEndsWithItsTask() async {
    let service = MemoryService(after: .seconds(600)) { _ in }
    let task = Task { await service.run() }
    service.noteWork()
    task.cancel()
    await task.value
  }
}
