internal import LinuxSystem
internal import ServiceLifecycle

/// Has the store asked who owns what when the time of day jumps: a sign of a machine that was paused,
/// of which its own clocks may know nothing (lease.md §2.6).
struct ClockService: Service {
  let jumps: ClockJumps
  let confirm: @Sendable () -> Void

  func run() async {
    let (jumps, confirm) = (jumps, confirm)
    await withTaskCancellationOrGracefulShutdownHandler {
      async let _: Void = withThread(named: "clock") { jumps.watch() }
      for await _ in jumps.signals { confirm() }
    } onCancelOrGracefulShutdown: {
      jumps.stop()
    }
  }
}
