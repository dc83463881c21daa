internal import Configuration
internal import LinuxSystem
internal import Synchronization
internal import Time

/// Looks at the configuration file when somebody asks, without taking anything over.
///
/// On a thread of its own, because a file system may hang. One look at a time, however many ask: who comes during
/// one waits for the next, so that no answer is older than its question.
final class FileLook: Sendable {
  /// What a look found.
  struct Finding: Sendable {
    let outcome: Result<Configuration, ConfigurationFailure>
    /// When the file was changed last, and which one it is; nil where it does not exist.
    let stamp: FileStamp?
    /// Counts the looks, so that of two findings the newer one is known; nil for what no look found.
    var number: UInt64?
    /// Whether any later change of the file gives it another stamp.
    var isSettled = false
  }

  /// Makes a finding, given the last one.
  typealias Look = @Sendable (Finding?) -> Finding

  private struct State {
    var last: Finding?
    var looks: UInt64 = 0
    var isLooking = false
    var lastAsker: UInt64 = 0
    /// Who waits for the look under way, and who for the one behind it.
    var waiting: [UInt64: AsyncStream<Finding>.Continuation] = [:]
    var next: [UInt64: AsyncStream<Finding>.Continuation] = [:]
  }

  private let state = Mutex(State())
  private let look: Look

  /// So long after a change of a file another one may leave the same times behind.
  private static let settling: Int64 = 2_000_000_000

  convenience init(_ file: String) {
    self.init { Self.look(at: file, known: $0) }
  }

  init(_ look: @escaping Look) {
    self.look = look
  }

  /// What the file says now; nil where that is not known within `patience`.
  func finding(within patience: Duration) async -> Finding? {
    let (findings, tell) = AsyncStream<Finding>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let asker = enlist(tell)
    let alarm = Task {
      try? await BootTimer.sleep(for: patience)
      tell.finish()
    }
    defer {
      alarm.cancel()
      state.withLock { state in
        state.waiting[asker] = nil
        state.next[asker] = nil
      }
    }
    for await finding in findings { return finding }
    return nil
  }

  /// How many wait, for the tests.
  var askers: Int { state.withLock { $0.waiting.count + $0.next.count } }

  private func enlist(_ tell: AsyncStream<Finding>.Continuation) -> UInt64 {
    let (asker, isFirst) = state.withLock { state in
      state.lastAsker += 1
      guard !state.isLooking else {
        state.next[state.lastAsker] = tell
        return (state.lastAsker, false)
      }
      state.isLooking = true
      state.waiting[state.lastAsker] = tell
      return (state.lastAsker, true)
    }
    if isFirst { startThread(named: "file") { self.work() } }
    return asker
  }

  /// The thread: looks as long as somebody has asked since the last look began.
  private func work() {
    while true {
      var finding = look(state.withLock { $0.last })
      let (told, isDone) = state.withLock { state in
        let told = state.waiting
        state.looks += 1
        finding.number = state.looks
        state.last = finding
        state.waiting = state.next
        state.next = [:]
        state.isLooking = !state.waiting.isEmpty
        return (told, !state.isLooking)
      }
      for tell in told.values {
        tell.yield(finding)
        tell.finish()
      }
      if isDone { return }
    }
  }

  /// Reads the file, unless it is certain that it has not changed since.
  private static func look(at file: String, known: Finding?) -> Finding {
    // Before the content: a change in between shows at the next look.
    let stamp = FileStamp(file)
    if let known, known.isSettled, known.stamp == stamp, case .success = known.outcome {
      return known
    }
    let isSettled = stamp.map { $0.changed < wallClockNanoseconds() - settling } ?? false
    do throws(ConfigurationFailure) {
      let configuration = try Configuration.load(file: file, hostName: hostName())
      return Finding(outcome: .success(configuration), stamp: stamp, isSettled: isSettled)
    } catch {
      return Finding(outcome: .failure(error), stamp: stamp)
    }
  }
}
