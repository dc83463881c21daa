package import Cluster
internal import FoundationEssentials
package import Kubernetes
internal import LinuxSystem
internal import Time

/// Writes events on Services, and on the Node where they are too many, as fast as `EventQueue` lets it. What cannot be
/// written in a few attempts is left: an event is news, and news grow old.
package struct EventWriter: Sendable {
  private let client: APIClient
  private let node: String
  private let queue: EventQueue
  /// Tells the events of one process from those of another.
  private let stem = String(UInt32.random(in: .min ... .max), radix: 16)

  private static let attempts = 3
  private static let patience = Duration.seconds(5)
  /// How long after a refusal the server is asked whether the right is there now.
  package static let retrialInterval = Duration.seconds(30)
  private let retrialInterval: Duration

  /// - Parameter queue: what it begins with; it decides how fast, and how much of a flood, is written.
  ///   - retrialInterval: how long after a refusal the server is asked whether the right is there now.
  package init(
    _ client: APIClient, node: String, queue: EventQueue = EventQueue(),
    retrialInterval: Duration = Self.retrialInterval
  ) {
    self.client = client
    self.node = node
    self.queue = queue
    self.retrialInterval = retrialInterval
  }

  /// Writes what comes until the task is cancelled or `events` ends.
  ///
  /// - Parameter failed: told why an event was left, and nil once one could be written again.
  package func run(
    _ events: AsyncStream<[ServiceEvent]>, failed: @escaping @Sendable (APIFailure?) -> Void
  ) async {
    // While the API server is slow, news wait here, no more of them than the queue takes.
    let (wake, signal) = AsyncStream<[ServiceEvent]?>.makeStream(
      bufferingPolicy: .bufferingNewest(EventQueue.remembered))
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await more in events { signal.yield(more) }
        signal.finish()
      }
      var queue = queue
      // One alarm at a time, however many events come while the queue waits.
      var alarm = Instant.distantFuture
      // What the server refused to take, and when to ask whether it would now: the next news may be hours away.
      var refused: (writing: EventQueue.Writing, retrialAt: Instant)?
      for await more in wake {
        if alarm <= .now { alarm = .distantFuture }
        for event in more ?? [] { queue.add(event, at: .now) }
        var isWaiting = false
        while !isWaiting, !Task.isCancelled {
          switch queue.next(at: .now) {
          case .write(let writing):
            let failure = await write(writing, &queue)
            refused = failure?.kind == .refused ? (writing, .now + retrialInterval) : nil
            failed(failure)
          case .wait(let next):
            if let trial = refused, trial.retrialAt <= .now {
              let isTaken = await wouldBeTaken(trial.writing)
              refused = isTaken ? nil : (trial.writing, .now + retrialInterval)
              if isTaken { failed(nil) }
              continue
            }
            isWaiting = true
            let until = min(next, refused?.retrialAt ?? .distantFuture)
            guard until < alarm else { continue }
            alarm = until
            group.addTask {
              try? await Task.sleep(for: until - .now, clock: .continuous)
              signal.yield(nil)
            }
          }
        }
      }
      group.cancelAll()
    }
  }

  /// Nil where it was written.
  private func write(_ writing: EventQueue.Writing, _ queue: inout EventQueue) async -> APIFailure?
  {
    var attempt = 1
    while true {
      do throws(APIFailure) {
        try await send(writing)
        return nil
      } catch {
        switch error.kind {
        case .notFound where writing.update != nil:
          // Somebody deleted it; a new one tells of this time alone.
          queue.forget(writing)
          queue.add(writing, at: .now)
          return nil
        case .conflict where error.reason == "AlreadyExists": return nil
        case .unreachable, .timedOut, .unavailable,
          .throttled where attempt < Self.attempts:
          attempt += 1
          try? await Task.sleep(for: error.retryAfter ?? Self.patience, clock: .continuous)
          if Task.isCancelled { return error }
        default:
          queue.forget(writing)
          return error
        }
      }
    }
  }

  /// Whether the server would take now what it refused. It is not written: it is not news any more.
  private func wouldBeTaken(_ writing: EventQueue.Writing) async -> Bool {
    do throws(APIFailure) {
      try await send(writing, isTrial: true)
      return true
    } catch {
      // Events live for an hour: the one to update may be gone, and the right is there.
      return error.kind == .notFound
    }
  }

  private func send(
    _ writing: EventQueue.Writing, isTrial: Bool = false
  ) async throws(APIFailure) {
    let query = isTrial ? [("dryRun", "All")] : []
    let name = "\(writing.news.stem).\(stem)\(String(writing.number, radix: 16))"
    let events = "/api/v1/namespaces/\(writing.news.namespace)/events"
    let deadline = Instant.now + Self.patience
    guard writing.update != nil else {
      let form = EventForm(writing, name: name, node: node, time: timestamp())
      _ = try await client.call(
        .post, events, query: query, body: Self.json(form), until: deadline)
      return
    }
    let update = EventUpdate(
      message: writing.news.message(from: node), lastTimestamp: timestamp(), count: writing.count)
    _ = try await client.call(
      .patch, "\(events)/\(name)", query: query, body: Self.json(update), until: deadline)
  }

  private static func json(_ value: some Encodable) -> [UInt8] {
    // These types have nothing that could fail to be encoded.
    Array((try? JSONEncoder().encode(value)) ?? Data())
  }
}
