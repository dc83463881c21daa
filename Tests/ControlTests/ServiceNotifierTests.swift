import CLinux
import Glibc
import Testing

@testable import Control

struct ServiceNotifierTests {
  /// A socket as systemd has it, and what arrives there.
  private final class Receiver {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)

    init(_ address: UnixAddress) {
      _ = unsafe address.withPointer { unsafe bind(descriptor, $0, $1) }
    }

    deinit { close(descriptor) }

    func next() -> String? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  @Test func everyMessageIsOneDatagram() throws {
    let directory = TemporaryDirectory()
    let receiver = Receiver(try #require(UnixAddress(path: directory.socket)))
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": directory.socket])
    #expect(notifier.isActive)
    notifier.ready(status: "2 addresses")
    #expect(receiver.next() == "READY=1\nSTATUS=2 addresses")
    notifier.status("a\nREADY=1")
    #expect(receiver.next() == "STATUS=a\\nREADY=1")
    notifier.watchdog()
    #expect(receiver.next() == "WATCHDOG=1")
    notifier.stopping(status: "bye")
    #expect(receiver.next() == "STOPPING=1\nSTATUS=bye")
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    notifier.reloading()
    let lines = try #require(receiver.next()).split(separator: "\n")
    #expect(lines.first == "RELOADING=1")
    let microseconds = try #require(Int(lines[1].dropFirst("MONOTONIC_USEC=".count)))
    let before = time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    #expect((before...before + 10_000_000).contains(microseconds))
  }

  @Test func anAbstractSocketIsReached() throws {
    let name = "announcer-test-\(getpid())"
    let receiver = Receiver(try #require(UnixAddress(abstract: name[...])))
    ServiceNotifier(environment: ["NOTIFY_SOCKET": "@\(name)"]).watchdog()
    #expect(receiver.next() == "WATCHDOG=1")
  }

  @Test(arguments: ["", "@", "relative", "vsock:2:3", "/nonexistent/socket"])
  func withoutASocketNothingHappens(name: String) {
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": name])
    notifier.ready(status: "x")
    #expect(notifier.isActive == (name == "/nonexistent/socket"))
    #expect(!ServiceNotifier(environment: [:]).isActive)
  }

  @Test func theWatchdogIsOursOrNobodys() {
    func interval(_ environment: [String: String]) -> Duration? {
      ServiceNotifier(environment: environment, process: 7).watchdogInterval
    }
    #expect(interval(["WATCHDOG_USEC": "2000000"]) == .seconds(2))
    #expect(interval(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"]) == .seconds(2))
    #expect(interval(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "8"]) == nil)
    #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
    #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
    #expect(interval([:]) == nil)
  }
}
