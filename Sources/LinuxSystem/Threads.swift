internal import CLinux
internal import Glibc

/// Runs `body` on a thread of its own and waits for it without holding a thread of the pool.
///
/// For work that sleeps in the kernel: a blocking call on the cooperative pool would starve
/// everything else in the process.
///
/// - Parameter name: what `top -H` shows; cut to 15 octets.
package func withThread<Success: Sendable, Failure: Error>(
  named name: String, _ body: @escaping @Sendable () throws(Failure) -> Success
) async throws(Failure) -> Success {
  let result: Result<Success, Failure> = await withCheckedContinuation { continuation in
    startThread(named: name) {
      do throws(Failure) {
        continuation.resume(returning: .success(try body()))
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }
  }
  return try result.get()
}

/// Starts a detached thread. Ends the process where the system has no thread left (EAGAIN):
/// nothing can go on without it, and systemd starts us again.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
  final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
  let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
  var thread = pthread_t()
  let code = unsafe pthread_create(
    &thread, nil,
    { context in
      let start = unsafe Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
      _ = unsafe pthread_setname_np(pthread_self(), String(start.name.prefix(15)))
      start.body()
      return nil
    }, start.toOpaque())
  precondition(code == 0, "pthread_create: \(SystemError(call: "pthread_create", code: code))")
  pthread_detach(thread)
}
