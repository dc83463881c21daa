internal import ArgumentParser
internal import Control
internal import Glibc
internal import LinuxSystem

struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have the daemon read its configuration file again, and say what came of it.",
    discussion: """
      Waits until the LAN has been asked for new addresses; their claims may take some milliseconds more. \
      `systemctl reload announcer` runs it. Exit code 0: the file is in force; 1: the \
      daemon refused it, and what was in force stays in force.
      """)

  @Option(
    name: .customLong("or-signal"),
    help: ArgumentHelp(
      """
      Where the control socket gives no result, send SIGHUP to this process instead, whose log then says what \
      came of it.
      """, valueName: "pid"))
  var process: Int32?

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  /// The daemon waits for its file, and for the LAN's answer about new addresses.
  private static let patience = Duration.seconds(10)

  func validate() throws {
    // 0 and below name groups of processes.
    guard process.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--or-signal takes the number of a process.")
    }
  }

  func run() throws {
    let result: ConfigurationStatus
    do {
      result = try reload()
    } catch {
      guard let process else { throw error }
      do {
        try systemCall("kill", "\(process)") { kill(process, SIGHUP) }
      } catch let failure {
        throw CommandFailure("\(error.message); \(failure)")
      }
      CommandFailure.writeToStandardError("announcer: \(error.message): sent SIGHUP to \(process)")
      return
    }
    switch format.output {
    case .json: try format.printJSON(result)
    case .text:
      if result.error == nil {
        try CommandFailure.writeToStandardOutput(Self.text(result).map { $0 + "\n" }.joined())
        let status = try? socket.ask(.status).status
        for warning in status?.warnings ?? [] {
          CommandFailure.writeToStandardError("announcer: warning: \(warning)")
        }
      }
    }
    if let error = result.error {
      throw CommandFailure(
        "\(error)\n\(result.file) is refused: what was in force stays in force")
    }
  }

  private func reload() throws(CommandFailure) -> ConfigurationStatus {
    do throws(ControlFailure) {
      let reply = try ControlClient(
        path: socket.socket, version: announcerVersion, timeout: Self.patience
      ).ask(.reload)
      if let result = reply.response.comparison?.configuration { return result }
      throw ControlFailure(
        .refused, reply.response.error ?? "the daemon did not say what came of the reload")
    } catch {
      throw CommandFailure(error.description)
    }
  }

  private static func text(_ result: ConfigurationStatus) -> [String] {
    let changes = result.onDisk?.state == .reload ? result.onDisk?.lines ?? [] : []
    guard !changes.isEmpty else {
      return ["reloaded \(result.file): nothing in it has changed"]
    }
    return ["reloaded \(result.file)"] + changes.map { "  \($0)" }
  }
}
