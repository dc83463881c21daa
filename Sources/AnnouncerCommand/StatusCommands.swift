internal import ArgumentParser
internal import Control
internal import FoundationEssentials
internal import Wire

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What the daemon on this node does, and why.",
    discussion: """
      With --watch it stays on the screen and follows what happens: q quits, / filters, s sorts, arrows, \
      j, k and PgUp, PgDn scroll. Into a file or a pipe it writes a document for each look.

      With --cluster: who has which address, on all nodes, as the lease store says when it is asked. Exit \
      code 1: the store does not answer, or nobody has one of the addresses.
      """)

  @Flag(name: [.customShort("w"), .long], help: "Go on looking, until q or Ctrl-C.")
  var watch = false

  @Option(
    help: ArgumentHelp("How often --watch looks, 200ms to 1h.", valueName: "duration"))
  var interval: LookInterval?

  @Flag(help: "Every node's session and all claims, read from the lease store.")
  var cluster = false

  @Argument(help: ArgumentHelp("With --cluster: only these addresses.", valueName: "address"))
  var addresses: [String] = []

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard interval == nil || watch else {
      throw ValidationError("--interval is for --watch: write both.")
    }
    guard !watch || !cluster else {
      throw ValidationError("--watch follows the daemon on this node: leave out --cluster.")
    }
    guard cluster || addresses.isEmpty else {
      throw ValidationError(
        "Addresses go with --cluster; `announcer explain` is about one address.")
    }
    try ClusterReading.validate(addresses)
  }

  func run() async throws {
    if watch {
      try await StatusWatch(
        socket: socket.socket, interval: (interval ?? LookInterval()).duration,
        output: format.output
      ).run()
    } else if cluster {
      try ClusterReading(socket: socket, format: format, addresses: addresses).run()
    } else {
      try print(socket.ask(.status), format)
    }
  }
}

/// Prints the status in a response.
private func print(_ response: Response, _ format: OutputOptions) throws {
  guard let status = response.status else {
    throw CommandFailure("the daemon (version \(response.version)) sent no status")
  }
  switch format.output {
  case .json: try format.printJSON(status)
  case .text:
    try CommandFailure.writeToStandardOutput(
      StatusText.render(
        status, now: .now,
        style: TerminalStyle(environment: ProcessInfo.processInfo.environment)))
  }
}

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why an address is, or is not, announced here, and who does it.",
    discussion: """
      Also of a Service, by its namespace and name: `announcer explain default/web`. Exit code 1: nobody \
      asks for the address, or nothing of the Service is wanted.
      """)

  @Argument(help: "An IPv4 or IPv6 address; or a Service, as NAMESPACE/NAME.")
  var address: String

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    let parts = address.split(separator: "/", omittingEmptySubsequences: false)
    let isService =
      parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && IPAddress(parts[0]) == nil
    guard isService || IPAddress(address) != nil else {
      throw ValidationError(
        "'\(address)' is not an IPv4 or IPv6 address, and not a Service as in default/web.")
    }
  }

  func run() throws {
    let response = try socket.ask(.explain, address: address)
    guard let explanation = response.explanation else {
      throw CommandFailure("the daemon (version \(response.version)) sent no explanation")
    }
    switch format.output {
    case .json: try format.printJSON(explanation)
    case .text:
      try CommandFailure.writeToStandardOutput(
        ExplanationText.render(
          explanation, now: .now,
          style: TerminalStyle(environment: ProcessInfo.processInfo.environment)))
    }
    // An address that nobody wants has no explanation but that.
    let isWanted =
      explanation.address != nil
      || explanation.services?.contains { !$0.addresses.isEmpty } ?? false
    guard isWanted else { throw CommandFailure() }
  }
}

struct Undrain: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Compete for addresses again.")

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  func run() throws { try print(socket.ask(.undrain), format) }
}

struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the version.")

  func run() throws { try CommandFailure.writeToStandardOutput("announcer \(announcerVersion)\n") }
}
