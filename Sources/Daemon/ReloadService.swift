internal import Configuration
internal import Control
internal import LinuxSystem
internal import ServiceLifecycle
internal import UnixSignals

/// Reads the configuration again on SIGHUP. A bad file is reported, and changes nothing.
struct ReloadService: Service {
  let file: String
  let notifier: ServiceNotifier
  let post: @Sendable (Result<Configuration, ConfigurationFailure>) -> Void

  func run() async {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() {
      notifier.reloading()
      let file = file
      post(
        await withThread(named: "reload") {
          do throws(ConfigurationFailure) {
            return .success(try Configuration.load(file: file, hostName: hostName()))
          } catch {
            return .failure(error)
          }
        })
    }
  }
}
