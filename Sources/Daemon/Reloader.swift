internal import Configuration
internal import Control
internal import LinuxSystem
internal import Synchronization

/// Takes the configuration file over again: on SIGHUP, and for `announcer reload`.
///
/// Each reload reads the file after it was asked for, however many ask at once (`FileLook`).
final class Reloader: Sendable {
  let file: String
  let look: FileLook
  let notifier: ServiceNotifier
  let mailbox: Mailbox
  let version: String
  /// The newest look whose finding was handed to the coordinator.
  private let newest = Mutex<UInt64>(0)

  init(
    file: String, look: FileLook, notifier: ServiceNotifier, mailbox: Mailbox, version: String
  ) {
    self.file = file
    self.look = look
    self.notifier = notifier
    self.mailbox = mailbox
    self.version = version
  }

  /// How long the file may take, beside a file system that hangs. `announcer reload` waits for longer.
  static let patience = Duration.seconds(5)

  /// Reads the file, has the coordinator take it over, and waits until the LAN has been asked for the addresses
  /// that are new. Their claims may take some milliseconds more.
  ///
  /// - Returns: what the reload changed, or why it changed nothing, as `comparison`.
  @discardableResult
  func reload(within patience: Duration = Reloader.patience) async -> Response {
    // systemd waits for READY after each reload, good or bad (Type=notify-reload).
    notifier.reloading()
    let finding =
      await look.finding(within: patience)
      ?? FileLook.Finding(
        outcome: .failure(
          ConfigurationFailure(diagnostics: [
            ConfigurationDiagnostic(
              file: file, place: nil, path: "", message: "could not be read in time")
          ])),
        stamp: nil)
    let before = await mailbox.knowledge()
    post(finding)
    guard let before = before?.loaded, let after = await mailbox.reloaded(),
      let loaded = after.loaded
    else { return Response(version: version, error: "this announcer is shutting down") }
    let change = await withThread(named: "compare") { before.compared(to: finding) }
    return Response(
      version: version,
      comparison: Comparison(
        version: version, node: after.node,
        configuration: ConfigurationStatus(
          file: file, loadedAt: loaded.loadedAt, error: loaded.error, onDisk: change),
        nodes: []))
  }

  /// Unless a later look was faster: the older of two findings must not stay in force.
  func post(_ finding: FileLook.Finding) {
    newest.withLock { newest in
      let number = finding.number ?? newest
      guard number >= newest else { return }
      newest = number
      mailbox.post { $0.configuration = finding.outcome }
    }
  }
}
