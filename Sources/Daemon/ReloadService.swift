internal import ServiceLifecycle
internal import UnixSignals

/// Reads the configuration again on SIGHUP. A bad file is reported, and changes nothing.
struct ReloadService: Service {
  let reloader: Reloader

  func run() async {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() { await reloader.reload() }
  }
}
