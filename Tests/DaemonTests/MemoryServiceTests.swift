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
      let first = Instant.now
      service.noteWork()
      service.noteWork()
      let last = Instant.now
      service.noteWork()
      let isOneBurst = Instant.now - first < delay
      await eventually(within: .seconds(20)) {
        trims.times.contains { $0 - last >= delay }
      }
      let count = trims.times.count
      // A machine that keeps the test waiting makes several bursts of it.
      if isOneBurst { #expect(count == 1) }
      service.noteWork()
      await eventually(within: .seconds(20)) { trims.times.count == count + 1 }
      // The code that the start needed is let go of once.
      #expect(trims.firsts == [true] + Array(repeating: false, count: count))
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
