import CLinux
import FoundationEssentials
import Glibc
import LinuxSystem
import Synchronization
import Testing
import Time

@Suite(.timeLimit(.minutes(10)))
struct ClockJumpsTests {
  /// A descriptor to wake the reader with, and what its reads answer.
  private final class Double: Sendable {
    private let answers = Mutex<[Int32]>([])
    private let isTaken = Atomic<Int>(0)

    func descriptor() throws -> Descriptor {
      Descriptor(
        owning: try systemCall("eventfd") {
          eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE))
        })
    }

    /// Makes the descriptor readable once for each answer.
    func answer(_ codes: [Int32], on number: Int32) {
      answers.withLock { $0 += codes }
      var count = UInt64(codes.count)
      _ = unsafe write(number, &count, 8)
    }

    func take(_ number: Int32) -> Int32 {
      var count: UInt64 = 0
      guard unsafe read(number, &count, 8) == 8 else { return errno }
      isTaken.add(1, ordering: .relaxed)
      return answers.withLock { $0.removeFirst() }
    }

    var takenCount: Int { isTaken.load(ordering: .relaxed) }
  }

  @Test func onlyACancelledTimerIsAJump() async throws {
    let double = Double()
    let jumps = ClockJumps(
      descriptor: try double.descriptor(), end: try StopSignal(), take: double.take)
    async let watching: Void = withThread(named: "clock") { jumps.watch() }
    var signals = jumps.signals.makeAsyncIterator()
    // The timer's end, and a wake-up for nothing.
    double.answer([0, EAGAIN], on: jumps.fileDescriptor)
    while double.takenCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
    let before = Instant.now
    double.answer([ECANCELED], on: jumps.fileDescriptor)
    let noticed = try #require(await signals.next())
    #expect(noticed >= before && noticed <= .now)
    double.answer([ECANCELED], on: jumps.fileDescriptor)
    #expect(try #require(await signals.next()) > noticed)
    jumps.stop()
    #expect(await signals.next() == nil)
    await watching
  }

  @Test func aFloodOfJumpsIsKeptAsTheLastOfThem() async throws {
    let double = Double()
    let jumps = ClockJumps(
      descriptor: try double.descriptor(), end: try StopSignal(), take: double.take)
    async let watching: Void = withThread(named: "clock") { jumps.watch() }
    double.answer(Array(repeating: ECANCELED, count: 1000), on: jumps.fileDescriptor)
    while double.takenCount < 1000 { try await Task.sleep(for: .milliseconds(1)) }
    jumps.stop()
    await watching
    var count = 0
    for await _ in jumps.signals { count += 1 }
    #expect(count == 1)
  }

  @Test func theKernelsTimerIsOneThatAStepCancelsAndNothingElseEnds() throws {
    let jumps = try ClockJumps()
    let text = try String(
      contentsOfFile: "/proc/self/fdinfo/\(jumps.fileDescriptor)", encoding: .utf8)
    // CLOCK_REALTIME; TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET.
    #expect(text.contains("clockid: 0\n"))
    #expect(text.contains("settime flags: 03\n"))
    #expect(text.contains("ticks: 0\n"))
    let due = text.split(separator: "\n").first { $0.hasPrefix("it_value: (") }
    let seconds = due?.dropFirst("it_value: (".count).prefix { $0 != "," }
    // Centuries to go.
    #expect(seconds.flatMap { Int($0) } ?? 0 > 5_000_000_000)
  }

  @Test func itEndsWhereNothingHappens() async throws {
    let jumps = try ClockJumps()
    async let watching: Void = withThread(named: "clock") { jumps.watch() }
    jumps.stop()
    await watching
    for await _ in jumps.signals { Issue.record("nobody set the clock") }
  }

  /// Steps and slews the time of day of the whole machine, by a microsecond and back.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["ANNOUNCER_STEP_CLOCK"] == "1",
      "sets the machine's clock: with ANNOUNCER_STEP_CLOCK=1 as root only"))
  func aStepIsHeardAndSlewingIsNot() async throws {
    let jumps = try ClockJumps()
    async let watching: Void = withThread(named: "clock") { jumps.watch() }
    var signals = jumps.signals.makeAsyncIterator()
    for nanoseconds in [1000, -1000] {
      // What a time daemon does all day: were it heard, it would be heard before the step.
      try systemCall("adjtimex") { clinux_slew_clock(nanoseconds / 1000) }
      let before = Instant.now
      try systemCall("adjtimex") { clinux_step_clock(nanoseconds) }
      let noticed = try #require(await signals.next())
      #expect(noticed >= before)
      print("a step was noticed after \((noticed - before).milliseconds) ms")
    }
    jumps.stop()
    #expect(await signals.next() == nil)
    await watching
  }
}
