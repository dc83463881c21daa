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

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask {
          for await text in parts.client.warnings { log.warn("API server: \(text)") }
        }
        guard let watch = parts.watch else { return }
        group.addTask { await watch.run() }
        group.addTask { await follow(watch) }
        group.addTask { await model.waitNoLongerThanUseful() }
        group.addTask {
          await EventWriter(parts.client, node: node).run(events) { log.eventFailed($0) }
        }
        group.addTask { await PolicyStatusLoop(parts: parts, model: model, log: log).run() }
      }
    }
    try await gracefulShutdown()
  }

  private func follow(_ watch: ClusterWatch) async {
    var isWell = true
    for await news in watch.news {
      if case .quiet(let kind) = news {
        log.quiet(kind)
        continue
      }
      model.take(news)
      pools.take(news)
      guard case .trouble = news else { continue }
      // Said when it begins and when it is over, not once for every kind.
      let troubles = model.troubles
      if troubles.isEmpty != isWell { log.cluster(troubles.first) }
      isWell = troubles.isEmpty
    }
  }
}
