internal import Control
internal import LinuxSystem
internal import RawSocket
internal import ServiceLifecycle

/// Tells systemd that the thread that answers is alive, and only then: a daemon whose answering
/// thread hangs looks healthy in every other way, and is of no use.
struct WatchdogService: Service {
  let notifier: ServiceNotifier
  let responder: Responder

  func run() async throws {
    guard let period = notifier.watchdogInterval else {
      try await gracefulShutdown()
      return
    }
    await cancelWhenGracefulShutdown {
      var beats = responder.beats
      while true {
        responder.ping()
        // Half the period, as sd_watchdog_enabled(3) advises. Cancelled: the daemon ends, and that is no failure.
        guard (try? await BootTimer.sleep(for: period / 2)) != nil else { return }
        let now = responder.beats
        if now != beats { notifier.watchdog() }
        beats = now
      }
    }
  }
}
