internal import Cluster
internal import LinuxSystem
internal import ServiceLifecycle

/// Hands the outcome of the cluster's objects to the coordinator, and a little later warnings about them, and
/// to those who look at Services why they are not announced.
struct ClusterService: ServiceLifecycle.Service {
  let model: ClusterModel
  let post: @Sendable (ClusterOutcome) -> Void
  let warn: @Sendable ([String]) -> Void
  let tell: @Sendable ([ServiceEvent]) -> Void

  /// Warnings look at every address: not after each of a thousand changes.
  private static let warningInterval = Duration.seconds(1)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      let (changes, change) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
      async let _: Void = warn(after: changes)
      for await _ in model.signals {
        guard let outcome = model.takeOutcome() else { continue }
        post(outcome)
        change.yield()
      }
      change.finish()
    }
    try await gracefulShutdown()
  }

  private func warn(after changes: AsyncStream<Void>) async {
    var last: [String] = []
    var reports = UnannouncedReports()
    for await _ in changes {
      try? await Task.sleep(for: Self.warningInterval)
      if Task.isCancelled { return }
      let model = model
      let (warnings, unannounced) = await withThread(named: "cluster") {
        (model.warnings(), model.unannounced)
      }
      let events = reports.events(for: unannounced)
      // What every node sees, one says: the first by name.
      if !events.isEmpty, model.nodesBefore == 0 { tell(events) }
      if warnings != last { warn(warnings) }
      last = warnings
    }
  }
}
