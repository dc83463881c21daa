internal import Configuration
internal import LinuxSystem
internal import Metrics
internal import MetricsServer
internal import ServiceLifecycle
internal import Wire

/// Listens for scrapers and health checks where the configuration says, and moves when it changes.
///
/// A place that cannot be had is a warning, and tried again: no address goes unannounced for want of
/// a port.
struct MetricsService: Service {
  /// Nil: nowhere.
  let settings: AsyncStream<MetricsSettings?>
  let measure: @Sendable () async -> DaemonFigures?
  /// The series of the address pools, where addresses are given here.
  let pools: @Sendable () -> [MetricSeries]
  /// Why this node is not ready; nil where nobody can say any more.
  let judge: @Sendable () async -> [String]?
  let warn: @Sendable ([String]) -> Void

  private enum Event {
    case settings(MetricsSettings?)
    case retry
  }

  private static let retryInterval = Duration.seconds(5)

  func run() async throws {
    let (events, tell) = AsyncStream<Event>.makeStream()
    let settings = settings
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await settings in settings.cancelOnGracefulShutdown() {
          tell.yield(.settings(settings))
        }
        tell.finish()
      }
      var server: MetricsServer?
      var wanted: MetricsSettings?
      for await event in events {
        if case .settings(let new) = event {
          guard new != wanted else { continue }
          await server?.stop()
          (server, wanted) = (nil, new)
          warn([])
        }
        guard let wanted, server == nil else { continue }
        do {
          server = try await MetricsServer(
            address: wanted.address.description, port: Int(wanted.port),
            probes: ["/healthz", "/readyz"], { await answer($0) })
          warn([])
        } catch {
          warn(["\(error)"])
          group.addTask {
            try? await Task.sleep(for: Self.retryInterval)
            tell.yield(.retry)
          }
        }
      }
      group.cancelAll()
      await server?.stop()
    }
  }

  private func answer(_ request: MetricsServer.Request) async -> MetricsServer.Answer {
    switch request.path {
    case "/": return MetricsServer.Answer(body: "/metrics\n/healthz\n/readyz\n")
    case "/metrics":
      guard let figures = await measure() else { return Self.ending }
      let text = MetricText(accept: request.accept)
      // Megabytes, with thousands of addresses: on a thread of its own, so that no renewal waits.
      let body = await withThread(named: "metrics") {
        text.render(
          figures.series(try? ProcessUsage.current()) + (figures.givesAddresses ? pools() : []))
      }
      return MetricsServer.Answer(contentType: text.contentType, body: body)
    case "/healthz", "/readyz":
      guard let obstacles = await judge() else { return Self.ending }
      // That the coordinator answered at all is what /healthz says.
      if request.path == "/healthz" { return MetricsServer.Answer(body: "ok\n") }
      guard obstacles.isEmpty else {
        return MetricsServer.Answer(status: 503, body: obstacles.map { "\($0)\n" }.joined())
      }
      return MetricsServer.Answer(body: "ready\n")
    default: return MetricsServer.Answer(status: 404, body: "see /metrics, /healthz, /readyz\n")
    }
  }

  private static let ending = MetricsServer.Answer(
    status: 503, body: "this announcer is shutting down\n")
}
