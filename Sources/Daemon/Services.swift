internal import LinuxSystem
internal import RawSocket
internal import ServiceLifecycle

/// The responder's two threads: the one that answers and the one that listens for conflicts.
struct ResponderService: Service {
  let responder: Responder

  func run() async {
    let responder = responder
    await withTaskCancellationOrGracefulShutdownHandler {
      async let _: Void = withThread(named: "watch") { responder.watch() }
      await withThread(named: "answer") { responder.answer() }
    } onCancelOrGracefulShutdown: {
      responder.stop()
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
