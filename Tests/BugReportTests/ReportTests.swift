import BugReport
import FoundationEssentials
import LANTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct ReportTests {
  @Test func aPartThatFailsIsALineInTheManifest() async throws {
    let report = try await Report(
      [
        ReportPart("a.txt", "the first") { "well, hunter2\n" },
        ReportPart("b.txt", "the second") { throw ReportPart.Failure("no hunter2\nhere") },
        ReportPart("c.txt", "the third") {
          try await Task.sleep(for: .seconds(600))
          return ""
        },
        ReportPart("d.txt", "the fourth") { String(repeating: "x", count: Report.longestPart + 9) },
        .command("e.txt", "a program", "no-such-program-anywhere"),
        .command("f.txt", "another", "sh", "-c", "echo trouble >&2; exit 3"),
        .command("g.txt", "a third", "sh", "-c", "echo here"),
      ], heading: "heading", scrubber: Scrubber(secrets: ["hunter2"]), patience: .seconds(6))
    let names = report.files.map(\.name)
    try #require(names == ["manifest.txt", "a.txt", "d.txt", "g.txt"], "\(report.files[0].text)")
    #expect(
      report.files[0].text == """
        heading
        a.txt: the first
        b.txt: MISSING, the second: no [removed] here
        c.txt: MISSING, the third: not there within 6000 ms
        d.txt: the fourth, cut after 5 MiB
        e.txt: MISSING, a program: `no-such-program-anywhere` is not installed
        f.txt: MISSING, another: `sh` failed: trouble
        g.txt: a third

        """)
    #expect(report.files[1].text == "well, [removed]\n")
    #expect(report.files[2].text.utf8.count == Report.longestPart)
    #expect(report.files[3].text == "here\n")
  }

  @Test func aProgramThatWritesTooMuch() async throws {
    // Time enough: a build for debugging takes a while for so many octets.
    let report = try await Report(
      [.command("h.txt", "too much", "head", "-c", "6000000", "/dev/zero")], heading: "",
      scrubber: Scrubber(secrets: []), patience: .seconds(50))
    #expect(report.files.count == 1)
    #expect(
      report.files[0].text == "\nh.txt: MISSING, too much: `head` wrote more than 5 MiB\n")
  }

  @Test func theArchive() async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/announcer-archive-test"
    try? FileManager.default.removeItem(atPath: directory)
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = "\(directory)/a:b.tar.gz"
    try "former".write(toFile: path, atomically: true, encoding: .utf8)
    try await ReportArchive.write(
      [("manifest.txt", "m\n"), ("x.txt", "x\n")], as: "bundle", to: path)
    let list = try await runCommand(["tar", "--force-local", "-tvzf", path])
    #expect(list.standardOutput.contains("-rw------- root/root"), "\(list.standardOutput)")
    let text = try await runCommand(["tar", "--force-local", "-xOzf", path, "bundle/x.txt"])
    #expect(text.standardOutput == "x\n")
    let mode = try await runCommand(["stat", "-c", "%a", path])
    #expect(mode.standardOutput == "600\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["a:b.tar.gz"])

    await #expect(throws: (any Error).self) {
      try await ReportArchive.write([("x", "")], as: "bundle", to: "\(directory)/no/such.tar.gz")
    }
    // A device, a pipe or a link is not replaced.
    let pipe = "\(directory)/pipe"
    _ = try await runCommand(["mkfifo", pipe])
    await #expect(throws: (any Error).self) {
      try await ReportArchive.write([("x", "")], as: "bundle", to: pipe)
    }
    #expect(try await runCommand(["test", "-p", pipe]).succeeded)
  }
}
