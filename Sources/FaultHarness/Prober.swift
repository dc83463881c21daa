internal import Glibc
internal import LANTestKit
internal import LinuxSystem
internal import Synchronization
internal import Time
internal import Wire

/// A client that asks for every address all the time, so that a capture shows to the millisecond
/// who answers, and how long nobody did.
final class Prober: Sendable {
  private let isStopping = Atomic<Bool>(false)
  private let recorded = Mutex<[Range<Instant>]>([])
  private static let tick = Duration.milliseconds(2)
  /// Later than this is a pause.
  private static let trifle = Duration.milliseconds(4)

  /// Starts to ask, until `stop` or the end of this value.
  ///
  /// - Parameter interval: between two questions for the same address, 2 ms or more.
  init(on host: Host, for addresses: [IPAddress], every interval: Duration) async throws {
    let mac = try await host.hardwareAddress()
    let questions = addresses.map { ProbeFrame.question(from: mac, for: $0) }
    let sender = try await FrameSender.open(on: host)
    let ticks = max(1, Int(interval / Self.tick))
    let share = (questions.count + ticks - 1) / ticks
    startThread(named: "prober") { [weak self] in
      var position = 0
      var next = Instant.now
      while let self, !self.isStopping.load(ordering: .relaxed) {
        let now = Instant.now
        if now - next > Self.trifle { self.recorded.withLock { $0.append(next..<now) } }
        for _ in 0..<share {
          // A question that cannot be sent is one that was lost.
          try? sender.send(questions[position % questions.count])
          position += 1
        }
        // By the clock: what one turn takes too long, the next makes up for, unless it is a lot.
        next = max(next + Self.tick, .now - Self.tick)
        let pause = (next - .now).nanoseconds
        if pause > 0 { usleep(UInt32(pause / 1000)) }
      }
    }
  }

  /// When it did not ask although it should have: the machine had other things to do.
  var pauses: [Range<Instant>] { recorded.withLock { $0 } }

  func stop() { isStopping.store(true, ordering: .relaxed) }

  deinit { stop() }
}
