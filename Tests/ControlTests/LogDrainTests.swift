import CLinux
import Glibc
import LinuxSystem
import Logging
import Testing

@testable import Control

/// A log's reader that hangs, and one that comes back.
@Suite(.timeLimit(.minutes(2)))
struct LogDrainTests {
  /// Two connected ends. The test reads one.
  private final class Ends: Sendable {
    let reader: Int32
    let writer: Int32

    enum Kind: CaseIterable { case pipe, socket }

    init(_ kind: Kind) {
      ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      switch kind {
      case .pipe:
        _ = unsafe pipe(&ends)
        _ = fcntl(ends[1], clinux_set_pipe_size(), 4096)
      case .socket:
        _ = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      }
      (reader, writer) = (ends[0], ends[1])
    }

    deinit {
      close(reader)
      close(writer)
    }

    /// Reads lines until one has `words`.
    func lines(untilOneHas words: String) -> [String] {
      var octets: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while !String(decoding: octets, as: UTF8.self).contains(words) {
        let count = unsafe read(reader, &buffer, buffer.count)
        guard count > 0 else { break }
        octets += buffer[..<count]
      }
      return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
    }
  }

  private func logger(_ output: LogOutput) -> Logger {
    Logger(label: "test", factory: { _ in DaemonLogHandler(output: output) })
  }

  @Test(arguments: Ends.Kind.allCases)
  private func nobodyIsKeptWaitingAndWhatIsMissingIsSaid(_ kind: Ends.Kind) throws {
    let ends = Ends(kind)
    let output = try LogOutput(descriptor: ends.writer, destination: .journal)
    let log = logger(output)
    // Far more than kernel and backlog take together: a write that waits for a reader never ends.
    for number in 0..<20_000 { log.info("line \(number) of many, and some more words to fill it") }
    log.error("an error")
    #expect(output.missingLines > 0)
    #expect(output.warning?.contains("nobody reads the log") == true)
    let lines = ends.lines(untilOneHas: "dropped because nobody read the log")
    let kept = lines.filter { $0.hasPrefix("<6>line ") }
    #expect(kept.count + Int(output.missingLines) == 20_000)
    for (number, line) in kept.enumerated() { #expect(line.hasPrefix("<6>line \(number) ")) }
    // Errors have room of their own, and come in their order.
    #expect(lines.dropLast().last == "<3>an error")
    #expect(
      lines.last == "<4>\(output.missingLines) lines were dropped because nobody read the log")
    #expect(output.warning == nil)
    log.info("after")
    #expect(ends.lines(untilOneHas: "after") == ["<6>after"])
  }

  /// It is written before `info` returns: a process that dies in the next moment has said it.
  @Test(arguments: Ends.Kind.allCases)
  private func whatAReaderTakesIsWrittenAtOnce(_ kind: Ends.Kind) throws {
    let ends = Ends(kind)
    let output = try LogOutput(descriptor: ends.writer, destination: .journal)
    for number in 0..<20 {
      logger(output).info("\(number)")
      var buffer = [UInt8](repeating: 0, count: 64)
      let count = recvOrRead(ends.reader, &buffer)
      #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "<6>\(number)\n")
    }
  }

  private func recvOrRead(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    return unsafe read(descriptor, &buffer, buffer.count)
  }

  /// Standard error is shared with others, who count on it to wait for its reader.
  @Test func theSharedDescriptorStaysAsItWas() throws {
    let ends = Ends(.pipe)
    let before = fcntl(ends.writer, F_GETFL)
    let output = try LogOutput(descriptor: ends.writer, destination: .journal)
    logger(output).info("one")
    #expect(fcntl(ends.writer, F_GETFL) == before && before & O_NONBLOCK == 0)
  }

  @Test func theEndWaitsForAReaderThatReads() async throws {
    let ends = Ends(.pipe)
    let output = try LogOutput(descriptor: ends.writer, destination: .journal)
    for number in 0..<1000 { logger(output).info("line \(number)") }
    async let lines = withThread(named: "reader") { ends.lines(untilOneHas: "line 999") }
    await withThread(named: "end") { output.flush() }
    // What the pipe still holds is the reader's.
    #expect(await lines.count == 1000)
  }

  @Test func theEndDoesNotWaitForAReaderThatHangs() throws {
    let ends = Ends(.pipe)
    let output = try LogOutput(descriptor: ends.writer, destination: .journal)
    for number in 0..<1000 { logger(output).info("line \(number)") }
    let start = ContinuousClock.now
    output.flush()
    let time = ContinuousClock.now - start
    #expect(time >= .milliseconds(200) && time < .seconds(5))
  }

  @Test func aFileIsWrittenToInOrder() throws {
    var name = Array("/tmp/announcer-log-XXXXXX".utf8CString)
    let file = unsafe mkstemp(&name)
    try #require(file >= 0)
    defer { close(file) }
    _ = unsafe unlink(name)
    let output = try LogOutput(descriptor: file, destination: .journal)
    for number in 0..<5000 { logger(output).info("\(number)") }
    output.flush()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe pread(file, &buffer, buffer.count, 0)
    let lines = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
    #expect(lines == (0..<5000).map { "<6>\($0)" })
  }

  /// A disk that is full: the daemon goes on, and what is lost is counted.
  @Test func whatCannotBeWrittenIsCounted() throws {
    let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(full >= 0)
    defer { close(full) }
    let output = try LogOutput(descriptor: full, destination: .journal)
    for _ in 0..<10 { logger(output).info("lost") }
    output.flush()
    #expect(output.missingLines == 10)
  }
}

/// As the program does. The log's thread may still be writing when a test has ended and its reader is closed.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
