internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Tells systemd how the service is doing, by the protocol of `sd_notify(3)`: lines of
/// `VARIABLE=value` in one datagram to the socket that NOTIFY_SOCKET names. Without one, nothing is
/// sent and nothing fails.
package struct ServiceNotifier: Sendable {
  /// The watchdog's period; notify at least twice in it. Nil where nobody watches.
  package let watchdogInterval: Duration?

  private let address: UnixAddress?

  /// - Parameters:
  ///   - environment: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of the process.
  ///   - process: this process; a watchdog meant for another one is not ours.
  package init(environment: [String: String], process: Int32 = currentProcess()) {
    let name = environment["NOTIFY_SOCKET"] ?? ""
    address =
      name.hasPrefix("@")
      ? UnixAddress(abstract: name.dropFirst())
      : name.hasPrefix("/") ? UnixAddress(path: name) : nil
    let isOurs = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
    watchdogInterval = environment["WATCHDOG_USEC"].flatMap(Int64.init)
      .flatMap { isOurs && $0 > 0 ? .microseconds($0) : nil }
  }

  /// Whether systemd listens.
  package var isActive: Bool { address != nil }

  /// Startup, or a reload, is complete.
  package func ready(status: String) { send(["READY=1", "STATUS=\(printable(status))"]) }

  /// One line for `systemctl status`.
  package func status(_ text: String) { send(["STATUS=\(printable(text))"]) }

  /// A reload began. The time tells systemd which of several reloads is meant
  /// (`Type=notify-reload`); it must be read on CLOCK_MONOTONIC, systemd's clock.
  package func reloading() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    send(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"])
  }

  package func stopping(status: String) { send(["STOPPING=1", "STATUS=\(printable(status))"]) }

  /// The process is alive: to be called by whoever the watchdog is to watch.
  package func watchdog() { send(["WATCHDOG=1"]) }

  /// Sends without waiting. A message that systemd cannot take is lost: nothing in the daemon may
  /// depend on it.
  private func send(_ lines: [String]) {
    guard let address else { return }
    let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard number >= 0 else { return }
    let descriptor = Descriptor(owning: number)
    makeNonblocking(descriptor.rawValue)
    let octets = Array(lines.joined(separator: "\n").utf8)
    _ = unsafe address.withPointer { pointer, length in
      unsafe sendto(
        descriptor.rawValue, octets, octets.count, Int32(MSG_NOSIGNAL), pointer, length)
    }
  }
}

/// This process's id.
package func currentProcess() -> Int32 { getpid() }
