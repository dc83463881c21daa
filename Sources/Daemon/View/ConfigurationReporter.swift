internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Wire

/// Says what has become of the configuration file since it was loaded, beside the coordinator: nothing that decides
/// waits for a file.
struct ConfigurationReporter: Sendable {
  let mailbox: Mailbox
  let look: FileLook
  let version: String

  /// How long the file may take. `announcer check` waits for longer.
  private static let patience = Duration.seconds(1)

  /// Answers `announcer check`.
  func answer() async -> Response {
    let finding = await look.finding(within: Self.patience)
    guard let knowledge = await mailbox.knowledge(), let loaded = knowledge.loaded else {
      return Response(version: version, error: "this announcer is shutting down")
    }
    return Response(
      version: version,
      comparison: Comparison(
        version: version, node: knowledge.node,
        configuration: ConfigurationStatus(
          file: loaded.configuration.file, loadedAt: loaded.loadedAt, error: loaded.error,
          onDisk: await Self.compare(loaded, finding)),
        // Without a session nothing is known of the others.
        nodes: knowledge.session == nil
          ? [] : Set(knowledge.view.nodes + [knowledge.node]).sorted()))
  }

  /// A status, or the explanation of an address or a Service that nobody asks for, with what the file says by now.
  func complete(_ response: Response) async -> Response {
    let isUnknown = response.explanation.map { $0.address == nil && ($0.services ?? []).isEmpty }
    guard response.status != nil || isUnknown == true,
      let finding = await look.finding(within: Self.patience),
      // Asked afterwards: what was reloaded meanwhile is in force.
      let loaded = await mailbox.knowledge()?.loaded
    else { return response }
    let onDisk = await Self.compare(loaded, finding)
    var response = response
    response.status?.configuration.onDisk = onDisk
    if isUnknown == true, let onDisk, let asked = response.explanation?.asked,
      let note = Self.note(on: asked, loaded, finding, onDisk)
    {
      response.explanation?.notes.append(note)
    }
    return response
  }

  /// Thousands of addresses take a while to be compared.
  private static func compare(
    _ loaded: LoadedConfiguration, _ finding: FileLook.Finding?
  ) async -> FileOnDisk? {
    guard let finding else { return nil }
    return await withThread(named: "compare") { loaded.compared(to: finding) }
  }

  private static func note(
    on asked: String, _ loaded: LoadedConfiguration, _ finding: FileLook.Finding,
    _ onDisk: FileOnDisk
  ) -> String? {
    guard let remedy = onDisk.remedy(for: loaded.configuration.file) else { return nil }
    guard let address = IPAddress(asked), let new = try? finding.outcome.get(),
      new.announcements.flatMap(\.ranges).contains(where: { $0.contains(address) })
    else { return remedy }
    return "\(remedy); the file asks for it now"
  }
}
