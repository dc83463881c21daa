internal import LinuxSystem
internal import ServiceLifecycle
internal import Time

/// Gives memory back to the system a while after work that needed much of it: a reload, an answer about thousands of
/// addresses, news of the election.
struct MemoryService: Service {
  /// Long enough for an answer to have been encoded and sent.
  static let delay = Duration.seconds(1)

  private let dues: Channel<Void>
  private let alarm: Alarm
  private let delay: Duration
  private let trim: @Sendable (_ isFirst: Bool) -> Void

  /// - Parameter trim: what is done, on a thread of its own.
  init(
    after delay: Duration = Self.delay,
    _ trim: @escaping @Sendable (_ isFirst: Bool) -> Void = Self.trim
  ) {
    let dues = Channel<Void>(newest: 1)
    self.dues = dues
    alarm = Alarm { dues.send(()) }
    self.delay = delay
    self.trim = trim
  }

  /// Work has begun; each puts off what the one before it would have had given back.
  func noteWork() { alarm.set(.now + delay) }

  func run() async {
    let trim = trim
    var isFirst = true
    for await _ in dues.stream.cancelOnGracefulShutdown() {
      await withThread(named: "memory") { [isFirst] in trim(isFirst) }
      isFirst = false
    }
    alarm.cancel()
  }

  private static func trim(_ isFirst: Bool) {
    returnFreeMemory()
    // Only the start needed it: once is enough.
    if isFirst { unmapUnusedCode() }
  }
}
