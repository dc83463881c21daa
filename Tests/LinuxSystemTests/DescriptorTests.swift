import CLinux
import Glibc
import LinuxSystem
import Testing
import Time

struct DescriptorTests {
  @Test func closesItsNumberWhenItGoes() throws {
    let signal = try StopSignal()
    let copy = dup(signal.fileDescriptor)
    do {
      let descriptor = Descriptor(owning: copy)
      #expect(fcntl(descriptor.rawValue, F_GETFD) != -1)
    }
    #expect(fcntl(copy, F_GETFD) == -1)
  }

  @Test func errorsNameTheCallTheSubjectAndTheCode() {
    let error = #expect(throws: SystemError.self) {
      try systemCall("open", "/nonexistent") { unsafe open("/nonexistent", O_RDONLY) }
    }
    #expect(error?.description == "open /nonexistent: No such file or directory (ENOENT 2)")
  }

  @Test func threadsRunTheirBodyAndHandBackTheResult() async throws {
    let value = await withThread(named: "a-name-that-is-too-long") { 42 }
    #expect(value == 42)
    await #expect(throws: SystemError.self) {
      try await withThread(named: "failing") { throw SystemError(call: "x", code: 1) }
    }
  }

  @Test func aRaisedSignalIsReadableUntilCleared() throws {
    let signal = try StopSignal()
    func readable() -> Bool {
      var descriptor = pollfd(fd: signal.fileDescriptor, events: Int16(POLLIN), revents: 0)
      return unsafe poll(&descriptor, 1, 0) == 1
    }
    #expect(!readable())
    signal.raise()
    #expect(readable() && readable())
    signal.clear()
    #expect(!readable())
  }

  @Test func theBootClockRunsForward() {
    let first = Instant.now
    #expect(first > Instant(nanoseconds: 0))
    #expect(Instant.now >= first)
  }
}
