internal import CLinux
internal import Glibc
package import LinuxSystem

/// Manifests as they are, and again whenever they have changed.
package final class ManifestWatch: Sendable {
  /// Whole snapshots, the newest of which counts: the first at once, the next when something differs.
  /// For one reader. Ends when the watch is stopped.
  package let snapshots: AsyncStream<ManifestSnapshot>
  private let stopSignal: StopSignal

  /// A tool that unpacks ten files is heard once.
  private static let quiet: Int32 = 50
  /// However busy the directory is.
  private static let patience = 10

  /// Starts watching; on a thread of its own, since it sleeps in the kernel.
  ///
  /// - Parameters:
  ///   - paths: files and directories, which need not be there yet.
  ///   - interval: when to look again although nothing was heard, in whole seconds: some file systems
  ///     tell nobody.
  package init(
    _ paths: [String], interval: Duration = .seconds(30)
  ) throws(SystemError) {
    stopSignal = try StopSignal()
    let watch = try ChangeWatch()
    let (snapshots, continuation) = AsyncStream<ManifestSnapshot>.makeStream(
      bufferingPolicy: .bufferingNewest(1))
    self.snapshots = snapshots
    let reader = ManifestReader(paths)
    let stopSignal = stopSignal
    let milliseconds = Int32(clamping: interval.components.seconds * 1000)
    startThread(named: "manifests") {
      Job(watch: watch, reader: reader, stopSignal: stopSignal, interval: milliseconds).run {
        continuation.yield($0)
      }
      continuation.finish()
    }
  }

  deinit { stop() }

  /// Ends the watch and its stream.
  package func stop() { stopSignal.raise() }

  /// What the thread does.
  private final class Job {
    let watch: ChangeWatch
    var reader: ManifestReader
    let stopSignal: StopSignal
    /// In milliseconds, as `poll` counts.
    let interval: Int32
    var last: ManifestSnapshot?

    init(watch: ChangeWatch, reader: ManifestReader, stopSignal: StopSignal, interval: Int32) {
      self.watch = watch
      self.reader = reader
      self.stopSignal = stopSignal
      self.interval = interval
    }

    func run(_ report: (ManifestSnapshot) -> Void) {
      while true {
        look(report)
        if sleep(interval) == .stopped { return }
        var rounds = 0
        while rounds < ManifestWatch.patience {
          watch.drain()
          switch sleep(ManifestWatch.quiet) {
          case .stopped: return
          case .quiet: rounds = ManifestWatch.patience
          case .changed: rounds += 1
          }
        }
        watch.drain()
      }
    }

    private func look(_ report: (ManifestSnapshot) -> Void) {
      var (snapshot, directories) = reader.look()
      // What happened in a directory before it was watched shows in a second look, after it is.
      var looks = 0
      while watch.watch(directories), looks < ManifestWatch.patience {
        (snapshot, directories) = reader.look()
        looks += 1
      }
      guard snapshot != last else { return }
      last = snapshot
      report(snapshot)
    }

    private enum Awakening {
      case changed
      case quiet
      case stopped
    }

    private func sleep(_ milliseconds: Int32) -> Awakening {
      var descriptors = [
        pollfd(fd: stopSignal.fileDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: watch.fileDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds)
      if count > 0, descriptors[0].revents != 0 { return .stopped }
      return count > 0 ? .changed : .quiet
    }
  }
}
