internal import ArgumentParser
internal import Configuration
internal import Control
internal import Wire

struct HandoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handover",
    abstract: "Hand one address over to another node, without a gap.",
    discussion: """
      For the node that announces the address now. It goes to the node named with --to, or to the \
      one that comes next; a node that may not announce it takes nothing. Exit code 0: handed over; \
      1: not.
      """)

  @Argument(help: "An IPv4 or IPv6 address.")
  var address: String

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "The node that shall have it; by default the one that comes next.", valueName: "node"))
  var node: String?

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard IPAddress(address) != nil else {
      throw ValidationError("'\(address)' is not an IPv4 or IPv6 address.")
    }
    if let node, !NodeName.isValid(node) {
      throw ValidationError("'\(node)' cannot name a node.")
    }
  }

  func run() throws {
    let response = try socket.ask(.handover, address: address, to: node)
    guard let handover = response.handover else {
      throw CommandFailure("the daemon (version \(response.version)) did not say what became of it")
    }
    let text = handover.text
    if format.output == .json { try format.printJSON(handover) }
    if handover.error != nil { throw CommandFailure(String(text.dropLast())) }
    if format.output == .text { try CommandFailure.writeToStandardOutput(text) }
  }
}
