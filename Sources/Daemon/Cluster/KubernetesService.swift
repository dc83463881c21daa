internal import Cluster
internal import Kubernetes
internal import KubernetesReports
internal import LinuxSystem
internal import ServiceLifecycle

/// Keeps the model in step with the API server's objects, and tells the cluster what became of them.
struct KubernetesService: ServiceLifecycle.Service {
  let parts: KubernetesParts
  let model: ClusterModel
  let pools: PoolModel
  let node: String
  let events: AsyncStream<[ServiceEvent]>
  let log: EventLog
  /// Told what keeps people from reading on their objects what became of them.
  let warn: @Sendable ([String]) -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask {
          for await text in parts.client.warnings { log.warn("API server: \(text)") }
        }
        guard let watch = parts.watch else { return }
        let troubles = ReportTroubles(warn)
        group.addTask { await watch.run() }
        group.addTask { await follow(watch) }
        group.addTask { await model.waitNoLongerThanUseful() }
        group.addTask {
          await EventWriter(parts.client, node: node).run(events) { failure in
            log.eventFailed(failure)
            troubles.note("events on Services cannot be written", failure)
          }
        }
        group.addTask {
          await PolicyStatusLoop(parts: parts, model: model, log: log, troubles: troubles).run()
        }
      }
    }
    try await gracefulShutdown()
  }

  private func follow(_ watch: ClusterWatch) async {
    var episode = WatchEpisode()
    for await news in watch.news {
      if case .quiet(let kind) = news {
        log.quiet(kind)
        continue
      }
      model.take(news)
      pools.take(news)
      guard case .trouble = news else { continue }
      let (new, isOver) = episode.apply(model.troubles)
      for trouble in new { log.cluster(trouble) }
      if isOver { log.cluster(nil) }
    }
  }
}
