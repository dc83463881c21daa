internal import Lease
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

/// The election, on a thread of its own: a renewal waits for no computation, however many there are (lease.md §2.17).
struct LeaseService: Service {
  let driver: LeaseDriver

  func run() async {
    await drive()
    // The coordinator ended it, on its own way out; or has left it behind, and it was cancelled.
    try? await gracefulShutdown()
  }

  /// Takes part in the election until it is shut down or cancelled.
  func drive() async {
    await withTaskExecutorPreference(ThreadExecutor(named: "lease")) { await driver.run() }
  }
}

/// The thread that listens for stations which have what is asked for.
struct ScoutService: Service {
  let scout: Scout

  func run() async {
    let scout = scout
    await withTaskCancellationOrGracefulShutdownHandler {
      await withThread(named: "scout") { scout.listen() }
    } onCancelOrGracefulShutdown: {
      scout.stop()
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
struct ForwardService<Source: AsyncSequence & Sendable>: Service
where Source.Element: Sendable, Source.Failure == Never {
  let source: Source
  let post: @Sendable (Source.Element) -> Void

  init(from source: Source, _ post: @escaping @Sendable (Source.Element) -> Void) {
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
  /// Called when everything is silent and handed over.
  let ended: @Sendable () -> Void

  func run() async {
    let mailbox = parts.mailbox
    var coordinator = Coordinator(parts)
    await withTaskCancellationOrGracefulShutdownHandler {
      await coordinator.run()
      ended()
    } onCancelOrGracefulShutdown: {
      mailbox.post { $0.commands.append(.shutDown) }
    }
  }
}
