internal import LinuxSystem
internal import Synchronization
internal import Time

/// Measures how late the harness sees what the store has done, with puts of its own.
///
/// A node may send its first frame as soon as it has the answer to its claim; the watchers hear of
/// that claim a little later. How much later is measured the same way: a put, its answer, and when
/// the watchers told of it. That difference is what an ownership may have begun before its
/// sighting (lease.md I2), and all that a frame may be early.
final class SightingMeter: Sendable {
  private struct Sample {
    let revision: Int64
    let answered: Instant
  }

  private let gateways: [Gateway]
  private let recorder: HistoryRecorder
  private let key: String
  private let samples = Mutex<[Sample]>([])
  private let isPaused = Atomic<Bool>(false)

  init(_ gateways: [Gateway], _ recorder: HistoryRecorder, key: String) {
    self.gateways = gateways
    self.recorder = recorder
    self.key = key
  }

  /// Puts a key at one member after another until the task is cancelled.
  func run() async {
    var turn = 0
    while !Task.isCancelled {
      turn += 1
      if !isPaused.load(ordering: .relaxed) {
        let gateway = gateways[turn % gateways.count]
        if let revision = try? await gateway.put(
          key, "\(turn)", withinMilliseconds: 500)
        {
          let answered = Instant.now
          samples.withLock { $0.append(Sample(revision: revision, answered: answered)) }
        }
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Whether to leave the store alone, for a fault that counts requests.
  func pause(_ pauses: Bool) { isPaused.store(pauses, ordering: .relaxed) }

  /// The longest that a sighting came after the answer, of the puts since `start`.
  func worst(since start: Instant) -> Duration {
    samples.withLock { $0 }.filter { $0.answered >= start }
      .compactMap { sample in
        recorder.sighting(of: key, revision: sample.revision).map { $0 - sample.answered }
      }.max().map { max($0, .zero) } ?? .zero
  }
}
