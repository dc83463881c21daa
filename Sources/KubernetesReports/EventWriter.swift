package import Cluster
internal import FoundationEssentials
package import Kubernetes
internal import LinuxSystem
internal import Time

/// Writes events on Services, and on the Node where they are too many, as fast as `EventQueue` lets it. What cannot be written in a few attempts
/// is left: an event is news, and news grow old.
package struct EventWriter: Sendable {
  private let client: APIClient
  private let node: String
  private let queue: EventQueue
  /// Tells the events of one process from those of another.
  private let stem = String(UInt32.random(in: .min ... .max), radix: 16)

  private static let attempts = 3
  private static let patience = Duration.seconds(5)

  /// - Parameter queue: what it begins with; it decides how fast, and how much of a flood, is written.
  package init(_ client: APIClient, node: String, queue: EventQueue = EventQueue()) {
    self.client = client
    self.node = node
    self.queue = queue
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
      for await more in wake {
        if alarm <= .now { alarm = .distantFuture }
        for event in more ?? [] { queue.add(event, at: .now) }
        var isWaiting = false
        while !isWaiting, !Task.isCancelled {
          switch queue.next(at: .now) {
          case .write(let writing): failed(await write(writing, &queue))
          case .wait(let until):
            isWaiting = true
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

  private func send(_ writing: EventQueue.Writing) async throws(APIFailure) {
    let name = "\(writing.news.stem).\(stem)\(String(writing.number, radix: 16))"
    let events = "/api/v1/namespaces/\(writing.news.namespace)/events"
    let deadline = Instant.now + Self.patience
    guard writing.update != nil else {
      let form = EventForm(writing, name: name, node: node, time: timestamp())
      _ = try await client.call(.post, events, body: Self.json(form), until: deadline)
      return
    }
    let update = EventUpdate(
      message: writing.news.message(from: node), lastTimestamp: timestamp(), count: writing.count)
    _ = try await client.call(
      .patch, "\(events)/\(name)", body: Self.json(update), until: deadline)
  }

  private static func json(_ value: some Encodable) -> [UInt8] {
    // These types have nothing that could fail to be encoded.
    Array((try? JSONEncoder().encode(value)) ?? Data())
  }
}
