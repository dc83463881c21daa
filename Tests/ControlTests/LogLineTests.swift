import Control
import Logging
import Testing

struct LogLineTests {
  private func line(
    _ message: String, _ fields: Logger.Metadata = [:], level: Logger.Level = .info,
    format: LogOutput.Format = .text, destination: LogOutput.Destination = .stream
  ) -> String {
    LogLine.make(
      level: level, message: message, fields: fields, format: format, destination: destination,
      time: WallTime(nanoseconds: noon.nanoseconds + 123_000_000))
  }

  @Test func anEventIsALineForPeople() {
    #expect(
      line("gained", ["interface": "lan0", "address": "10.80.8.150"])
        == "2026-11-21T12:00:00.123Z info  gained address=10.80.8.150 interface=lan0\n")
    #expect(line("x", level: .warning) == "2026-11-21T12:00:00.123Z warning x\n")
  }

  @Test(arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
  func theJournalGetsAPriorityAndNoTime(level: Logger.Level, priority: Int) {
    #expect(line("gained", level: level, destination: .journal) == "<\(priority)>gained\n")
  }

  @Test func valuesThatAreNotOneWordAreQuoted() {
    let fields: Logger.Metadata = [
      "a": "two words", "b": "", "c": "say \"hi\"", "d": "x=1", "e": "back\\slash",
      "f": ["p", "q"], "g": ["k": "v"], "h": "fe80::1%lan0", "i": "ä",
    ]
    #expect(
      line("m", fields, destination: .journal)
        == #"<6>m a="two words" b="" c="say \"hi\"" d="x=1" e="back\\slash" f=p,q g=k:v "#
        + #"h=fe80::1%lan0 i="ä""# + "\n")
  }

  @Test func nothingLoggedCanForgeALineOrCommandTheTerminal() {
    let text = line("a\nb\u{1b}[2J", ["n\nm": "x\r\n\u{9b}\u{202e}\u{2028}"], destination: .journal)
    #expect(
      text == #"<6>a\nb\u{1b}[2J n\nm="x\r\n\u{9b}\u{202e}\u{2028}""# + "\n")
  }

  @Test func jsonIsOneObjectALine() {
    let fields: Logger.Metadata = [
      "count": .stringConvertible(3), "on": .stringConvertible(true), "text": "a\n\"b\"",
      "list": ["x"], "level": "mine",
    ]
    #expect(
      line("gained", fields, format: .json)
        == #"{"time":"2026-11-21T12:00:00.123Z","level":"info","message":"gained","count":3,"#
        + #""level_":"mine","list":["x"],"on":true,"text":"a\n\"b\""}"# + "\n")
    #expect(
      line("x", format: .json, destination: .journal)
        == #"<6>{"level":"info","message":"x"}"# + "\n")
  }
}
