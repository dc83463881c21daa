internal import Glibc
internal import LinuxSystem
internal import Synchronization

private let interrupted = Atomic<Bool>(false)

/// Runs `body` so that Ctrl-C and SIGTERM cancel it instead of ending the process: what it made is
/// taken away on the way out.
func cancellingOnInterrupt<Success: Sendable>(
  _ body: @escaping @Sendable () async throws -> Success
) async throws -> Success {
  for number in [SIGINT, SIGTERM, SIGHUP] {
    // Only an atomic store is safe in a handler (signal-safety(7)).
    _ = signal(number) { _ in interrupted.store(true, ordering: .relaxed) }
  }
  let work = Task { try await body() }
  startThread(named: "interrupt") {
    while !interrupted.load(ordering: .relaxed) { usleep(20_000) }
    work.cancel()
  }
  return try await work.value
}
