import FoundationEssentials
import LANTestKit

/// The program's commands and their options, as it describes them itself.
struct CommandTree: Sendable {
  /// By the name of the command; of the program as a whole under "".
  private(set) var options: [String: Set<String>] = [:]

  static func read() async throws -> CommandTree {
    let result = try await runCommand([Program.path, "--experimental-dump-help"])
    let dump = try JSONDecoder().decode(Dump.self, from: Data(result.standardOutput.utf8))
    var tree = CommandTree()
    tree.options[""] = dump.command.options
    for command in dump.command.subcommands ?? [] where command.commandName != "help" {
      tree.options[command.commandName] = command.options
    }
    return tree
  }

  var allOptions: Set<String> { options.values.reduce(into: []) { $0.formUnion($1) } }

  /// What is wrong with `announcer …` as it is written somewhere; nil where nothing is.
  func fault(in commandLine: String) -> String? {
    let words = commandLine.prefix { !"#|>&;".contains($0) }.split(separator: " ").map(String.init)
    guard words.count > 1, words[0] == "announcer" else { return nil }
    let isOption = words[1].hasPrefix("-")
    let command = isOption ? "" : words[1]
    guard let known = options[command] else { return "there is no command '\(command)'" }
    for word in words.dropFirst(isOption ? 1 : 2) where word.hasPrefix("-") && word != "-" {
      let name = String(word.prefix { $0 != "=" })
      if !known.contains(name) { return "'announcer \(command)' has no option \(name)" }
    }
    return nil
  }

  private struct Dump: Decodable {
    let command: Command
  }

  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let names: [Name]?
    }
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?

    var options: Set<String> {
      Set(
        (arguments ?? []).flatMap { $0.names ?? [] }.map {
          ($0.kind == "long" ? "--" : "-") + $0.name
        })
    }
  }
}
