internal import AddressPools
internal import Cluster
internal import Kubernetes
internal import KubernetesObjects
internal import LinuxSystem
internal import ServiceLifecycle
internal import Time

/// Gives addresses to Services for as long as the gate of the duty is open.
///
/// A term begins with a read of all pools and Services that is not older than the term (pools.md §1.4): what the watch
/// has not told yet, another node may have given. From then on the watch and the answers to the own
/// writes keep the model in step, as long as the server's history is the same.
struct PoolService: ServiceLifecycle.Service {
  let parts: KubernetesParts
  let model: PoolModel
  let gate: DutyGate
  let writer: PoolWriter
  /// Told what people should know, whenever that may have changed.
  let warn: @Sendable ([String]) -> Void
  let log: EventLog

  /// Services in one plan.
  private static let batch = 256
  /// After news, so that one plan covers what somebody applies at once.
  private static let pause = Duration.milliseconds(20)
  /// What one page of a list may take.
  private static let patience = Duration.seconds(10)

  /// What the model's state stands on.
  private struct Basis: Equatable {
    let term: UInt64
    let history: UInt64
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
      await withDiscardingTaskGroup { group in
        group.addTask { for await _ in model.signals { signal.yield() } }
        group.addTask { for await _ in gate.changes { signal.yield() } }
        var known: Basis?
        var backOff = BackOff(.milliseconds(200) ... .seconds(10))
        var told: [String] = []
        var alarm = Instant.distantFuture
        for await _ in signals {
          defer { tell(&told) }
          if alarm <= .now { alarm = .distantFuture }
          guard let term = gate.term else {
            (model.trouble, model.remarks) = (nil, [])
            continue
          }
          // Until the watch knows, nobody does; it gives another signal then.
          guard let standing = parts.watch?.standings[.pool] else { continue }
          guard standing.isInstalled != nil else {
            model.trouble = standing.trouble
            continue
          }
          try? await Task.sleep(for: Self.pause)
          do throws(APIFailure) {
            let path = try Self.path(standing)
            let basis = Basis(term: term, history: model.history)
            if known != basis {
              try await readEverything(path)
              if known?.term != term { log.givesAddresses() }
              known = basis
            }
            let restsUntil = try await give(on: basis)
            let refusals = writer.refusals
            (model.trouble, model.remarks) = (refusals.right, refusals.remarks)
            backOff.reset()
            wake(at: restsUntil, &alarm, signal, &group)
          } catch {
            if error.kind == .cancelled, Task.isCancelled { return }
            model.trouble = error.text
            wake(at: .now + backOff.next(), &alarm, signal, &group)
          }
        }
        group.cancelAll()
      }
    }
    try await gracefulShutdown()
  }

  /// Nothing of a cluster's thousand changes concerns people as long as nothing is wrong.
  private func tell(_ told: inout [String]) {
    let warnings = gate.term == nil ? [] : model.warnings
    guard warnings != told else { return }
    warn(warnings)
    told = warnings
  }

  /// One alarm at a time, however much news comes while something rests.
  private func wake(
    at instant: Instant, _ alarm: inout Instant, _ signal: AsyncStream<Void>.Continuation,
    _ group: inout DiscardingTaskGroup
  ) {
    guard instant < alarm else { return }
    alarm = instant
    group.addTask {
      try? await Task.sleep(for: max(instant - .now, Duration.zero), clock: .continuous)
      signal.yield()
    }
  }

  /// Carries out plan after plan until nothing is left to do.
  ///
  /// - Returns: when to look again at what rests after a failure of its own.
  private func give(on basis: Basis) async throws(APIFailure) -> Instant {
    while gate.term == basis.term, !Task.isCancelled {
      await writer.settle()
      let model = model
      let steps = await withThread(named: "pools") {
        model.plan(limit: Self.batch, in: basis.history)
      }
      guard let steps, try await writer.perform(steps, in: basis.term) else { break }
    }
    return min(writer.nextRest, model.with { $0.nextDue })
  }

  /// Without the kind of pools nothing is given, and nothing is taken back: a server that has just
  /// started may not know its own kinds yet.
  private static func path(_ standing: KindStanding) throws(APIFailure) -> String {
    guard standing.isInstalled == true, let path = standing.path else {
      throw APIFailure(
        .notFound, text: "the cluster does not have the kind \(ClusterObject.Kind.pool.rawValue)")
    }
    return path
  }

  private func readEverything(_ path: String) async throws(APIFailure) {
    try await readNodes()
    let (pools, poolVersion) = try await list(.pool, path)
    model.take(.replaced(.pool, pools, version: poolVersion))
    let (services, version) = try await list(.service, "/api/v1/services")
    model.take(.replaced(.service, services, version: version))
  }

  /// Whose addresses no Service is to get. Who may not read Nodes gives addresses all the same.
  private func readNodes() async throws(APIFailure) {
    do throws(APIFailure) {
      let listing = try await parts.client.list("/api/v1/nodes", patience: Self.patience)
      let nodes = listing.pages.flatMap { (try? ObjectList(json: $0, of: .node))?.objects ?? [] }
      model.take(.replaced(.node, nodes, version: listing.resourceVersion))
    } catch {
      guard error.kind == .refused || error.kind == .notFound else { throw error }
    }
  }

  private func list(
    _ kind: ClusterObject.Kind, _ path: String
  ) async throws(APIFailure) -> (objects: [ClusterObject], version: String) {
    let listing = try await parts.client.list(path, patience: Self.patience)
    var objects: [ClusterObject] = []
    for page in listing.pages {
      guard let list = try? ObjectList(json: page, of: kind), list.unreadable.isEmpty else {
        // What cannot be read may have an address.
        throw APIFailure(.unintelligible, text: "\(path): the list has what cannot be read")
      }
      objects += list.objects
    }
    return (objects, listing.resourceVersion)
  }
}
