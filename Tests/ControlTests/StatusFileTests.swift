import Testing

@testable import Control

/// What the status says of the configuration file.
struct StatusFileTests {
  private func lines(_ onDisk: FileOnDisk?, refused error: String? = nil) -> [String] {
    var status = sample([announced])
    status.configuration.error = error
    status.configuration.onDisk = onDisk
    let wide = TerminalStyle(width: nil, hasColours: false)
    return StatusText(status: status, now: noon, style: wide).file.map { String($0.dropFirst(12)) }
  }

  @Test func aFileThatSaysWhatIsInForceIsNoNews() {
    #expect(lines(nil) == [])
    #expect(lines(FileOnDisk(state: .inForce)) == [])
    // It was put right again after it had been refused.
    #expect(lines(FileOnDisk(state: .inForce), refused: "a.yaml:1:1: bad") == [])
  }

  @Test func whatIsToBeDoneIsSaid() {
    let at = ago(12)
    let changed = "the file changed on disk at \(at), 12s ago, and"
    #expect(
      lines(FileOnDisk(state: .reload, changedAt: at, lines: ["`log` changed"])) == [
        "\(changed) is not loaded: systemctl reload announcer"
      ])
    #expect(
      lines(FileOnDisk(state: .restart, changedAt: at, lines: ["`lease` changed"])) == [
        "\(changed) needs a restart: systemctl restart announcer"
      ])
    #expect(
      lines(FileOnDisk(state: .refused, changedAt: at, lines: ["a.yaml:1:1: bad"])) == [
        "the file on disk would be refused by a reload, this one stays in force:",
        "a.yaml:1:1: bad",
      ])
  }

  @Test func whatTheLastReloadSaidIsNotSaidTwice() {
    let refused = "the file on disk was refused, this one stays in force:"
    #expect(
      lines(FileOnDisk(state: .refused, lines: ["a", "b"]), refused: "a\nb") == [refused, "a", "b"])
    #expect(
      lines(FileOnDisk(state: .restart, lines: ["`lease` changed"]), refused: "`lease` changed")
        == [refused, "`lease` changed"])
    // Refused, and changed again since.
    #expect(
      lines(FileOnDisk(state: .refused, lines: ["c"]), refused: "a") == [
        "the file on disk would be refused by a reload, this one stays in force:", "c",
      ])
    #expect(lines(nil, refused: "a") == [refused, "a"])
  }
}
