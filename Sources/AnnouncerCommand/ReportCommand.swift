internal import ArgumentParser
internal import BugReport
internal import Configuration
internal import Control
internal import FoundationEssentials
internal import Glibc
internal import LinuxSystem
internal import UnixSignals

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Pack what a bug report needs into one archive.",
    discussion: """
      Status, configuration, links, kernel parameters, metrics and the last log lines of this node, as a \
      .tar.gz that only you can read. Passwords, tokens, keys and users in URLs are removed; addresses \
      and names stay: look through it before you send it. manifest.txt says what could not be had.
      """)

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The archive; by default announcer-report-HOST-TIME.tar.gz here.", valueName: "file"),
    completion: .file(extensions: ["gz"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The configuration file; by default the one that the daemon uses.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @OptionGroup var socket: SocketOptions

  func run() async throws {
    let host = hostName().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    let time = "\(WallTime.now)".prefix(19).filter { $0 != ":" && $0 != "-" }
    let name = "announcer-report-\(host.isEmpty ? "host" : host)-\(time)"
    let path = output ?? "\(name).tar.gz"
    let sources = ReportSources(socket: socket.socket, config: config)
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    let work = Task {
      let report = try await sources.report(named: name)
      try await ReportArchive.write(report.files, as: name, to: path)
      return report
    }
    // Cancelled, it removes what it has begun.
    let listening = Task { for await _ in signals { work.cancel() } }
    defer { listening.cancel() }
    do {
      let report = try await work.value
      try CommandFailure.writeToStandardOutput("\(path): \(report.files.count) files\n")
      let missing = report.files[0].text.split(separator: "\n").filter {
        $0.contains(": MISSING, ")
      }
      for line in missing { CommandFailure.writeToStandardError("announcer: \(line)") }
    } catch let failure as CommandFailure {
      throw failure
    } catch is CancellationError {
      throw CommandFailure("interrupted; nothing was written")
    } catch {
      throw CommandFailure("cannot write \(path): \(error)")
    }
  }
}
