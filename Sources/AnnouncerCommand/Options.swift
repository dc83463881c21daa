internal import ArgumentParser
internal import Configuration
internal import Control
internal import FoundationEssentials
internal import LinuxSystem

/// Where the configuration is.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The configuration file.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config = Self.usual

  /// Where the daemon looks when it is told nothing.
  static let usual = Configuration.usualFile

  func load() throws -> Configuration {
    do {
      return try Configuration.load(file: config, hostName: hostName())
    } catch {
      throw CommandFailure(error.description, code: CommandFailure.wrongUsage)
    }
  }
}

/// How to print.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Print for people, or one JSON document.", valueName: "text|json"))
  var output = OutputFormat.text

  /// Prints `value` as one JSON document, keys in the order of their names.
  func printJSON(_ value: some Encodable) throws {
    try CommandFailure.writeToStandardOutput(JSON.document(value) + "\n")
  }
}

/// Which daemon to ask.
struct SocketOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The control socket of the daemon.", valueName: "path"), completion: .file())
  var socket = "/run/announcer/control.sock"

  /// Asks, and turns every way in which that can fail into one line.
  func ask(
    _ command: Request.Command, address: String? = nil, to node: String? = nil,
    within patience: Duration = .seconds(5)
  ) throws -> Response {
    let reply: ControlClient.Reply
    do {
      reply = try ControlClient(path: socket, version: announcerVersion, timeout: patience)
        .ask(command, address: address, to: node)
    } catch {
      throw CommandFailure(error.description)
    }
    if let note = reply.note { CommandFailure.writeToStandardError("announcer: \(note)") }
    if let error = reply.response.error { throw CommandFailure(error) }
    return reply.response
  }
}
