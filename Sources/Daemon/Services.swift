internal import LinuxSystem
internal import ServiceLifecycle

/// A blocking body on a thread of its own; ends when `stop` makes it end.
struct ThreadService: Service {
  let name: String
  let body: @Sendable () -> Void
  let stop: @Sendable () -> Void

  func run() async {
    await withTaskCancellationOrGracefulShutdownHandler {
      await withThread(named: name) { body() }
    } onCancelOrGracefulShutdown: {
      stop()
    }
  }
}

/// An asynchronous body that ends when its task is cancelled.
struct TaskService: Service {
  let body: @Sendable () async throws -> Void

  init(_ body: @escaping @Sendable () async throws -> Void) {
    self.body = body
  }

  func run() async throws {
    try await cancelWhenGracefulShutdown { try await body() }
  }
}

/// Hands what a source yields to whoever wants it.
struct ForwardService<Element: Sendable>: Service {
  let source: AsyncStream<Element>
  let post: @Sendable (Element) -> Void

  init(from source: AsyncStream<Element>, _ post: @escaping @Sendable (Element) -> Void) {
    self.source = source
    self.post = post
  }

  func run() async throws {
    for await element in source.cancelOnGracefulShutdown() { post(element) }
    // The source may end before us while the daemon shuts down; that alone ends nothing.
    try await gracefulShutdown()
  }
}

/// Runs the coordinator; its end is the end of announcing.
struct CoordinatorService: Service {
  let parts: DaemonParts

  func run() async {
    let mailbox = parts.mailbox
    var coordinator = Coordinator(parts)
    await withTaskCancellationOrGracefulShutdownHandler {
      await coordinator.run()
    } onCancelOrGracefulShutdown: {
      mailbox.post { $0.commands.append(.shutDown) }
    }
  }
}
