import CLinux
import Glibc
import Logging
import Testing

@testable import Control

struct DaemonLogHandlerTests {
  /// A pipe with its reading end, where the log goes.
  private final class Pipe {
    private(set) var ends: [Int32] = [0, 0]

    init() {
      ignoreBrokenPipes()
      _ = unsafe pipe(&ends)
    }

    deinit { for end in ends where end >= 0 { close(end) } }

    func closeReader() {
      close(ends[0])
      ends[0] = -1
    }

    func text() -> String {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe read(ends[0], &buffer, buffer.count)
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
  }

  private func logger(_ output: LogOutput) -> Logger {
    Logger(label: "test", factory: { _ in DaemonLogHandler(output: output) })
  }

  @Test func fieldsOfTheEventWinOverTheLoggers() throws {
    let pipe = Pipe()
    var log = logger(try LogOutput(descriptor: pipe.ends[1], destination: .journal))
    log[metadataKey: "node"] = "a"
    log[metadataKey: "who"] = "logger"
    log.info("gained", metadata: ["who": "event"])
    #expect(pipe.text() == "<6>gained node=a who=event\n")
  }

  @Test func aReloadChangesEveryLoggerAtOnce() throws {
    let pipe = Pipe()
    let output = try LogOutput(descriptor: pipe.ends[1], destination: .journal)
    let (first, second) = (logger(output), logger(output))
    first.debug("no")
    output.level = .debug
    first.debug("yes")
    output.format = .json
    second.debug("also")
    #expect(
      pipe.text() == "<7>yes\n<7>{\"level\":\"debug\",\"message\":\"also\"}\n")
    var own = logger(output)
    own.logLevel = .error
    own.info("no")
    own.error("own")
    #expect(pipe.text().contains("own"))
  }

  @Test func aReaderThatHasGoneStopsNothing() throws {
    let pipe = Pipe()
    pipe.closeReader()
    logger(try LogOutput(descriptor: pipe.ends[1], destination: .journal)).info("lost")
  }

  @Test func theJournalIsRecognisedByDeviceAndInode() throws {
    let pipe = Pipe()
    var status = stat()
    _ = unsafe fstat(pipe.ends[1], &status)
    #expect(LogOutput.isJournal(pipe.ends[1], "\(status.st_dev):\(status.st_ino)"))
    #expect(!LogOutput.isJournal(pipe.ends[1], "\(status.st_dev):\(status.st_ino + 1)"))
    #expect(!LogOutput.isJournal(pipe.ends[1], nil))
    #expect(!LogOutput.isJournal(pipe.ends[1], "x:y"))
    #expect(try LogOutput(standardErrorIn: ["JOURNAL_STREAM": "1:2"]).destination == .stream)
  }
}
