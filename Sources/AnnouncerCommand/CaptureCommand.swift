internal import ArgumentParser
internal import Control
internal import FrameText
internal import Glibc
internal import LinuxSystem
internal import RawSocket
internal import UnixSignals
internal import Wire

struct CaptureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Show ARP and NDP about our addresses, decoded, as it comes and goes.",
    discussion: """
      Prints a line for each frame that this machine hears or sends, until Ctrl-C. Without addresses, \
      those of the daemon on this node, on its interfaces; where none runs, all ARP and neighbour \
      discovery on all interfaces that could announce. Needs the capability CAP_NET_RAW.
      """)

  @Argument(help: "IPv4 or IPv6 addresses: whatever has one of them as its sender or its target.")
  var addresses: [String] = []

  @Option(
    help: ArgumentHelp(
      "The interface to listen on; may be given several times.", valueName: "name"))
  var interface: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write the frames to a pcap file instead of showing them; - is standard output.",
      valueName: "file"), completion: .file(extensions: ["pcap"]))
  var write: String?

  @Option(help: ArgumentHelp("End after so many frames.", valueName: "n"))
  var count: Int?

  @Flag(help: "All ARP and neighbour discovery, whoever it is about.")
  var all = false

  @OptionGroup var socket: SocketOptions

  @Option(
    help: ArgumentHelp("Print for people, or JSON, a document a line.", valueName: "text|json"))
  var output = OutputFormat.text

  func validate() throws {
    for address in addresses where IPAddress(address) == nil {
      throw ValidationError("'\(address)' is not an IPv4 or IPv6 address.")
    }
    if all && !addresses.isEmpty {
      throw ValidationError("--all shows every address: name none, or leave --all out.")
    }
    if let count, count < 1 {
      throw ValidationError("--count is \(count); write a number from 1 on.")
    }
    if write == "-" && isatty(1) == 1 {
      throw ValidationError("A pcap file is not for a terminal: write it to a file or a pipe.")
    }
    if write != nil && output == .json {
      throw ValidationError("--write writes no text: leave --output json out.")
    }
  }

  func run() async throws {
    let scope = try await CaptureScope(self)
    let stop: StopSignal
    do throws(SystemError) {
      stop = try StopSignal()
    } catch {
      throw CommandFailure("\(error)")
    }
    // Before the first frame, so that Ctrl-C never ends us without the count.
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    let waiting = Task { for await _ in signals { stop.raise() } }
    defer { waiting.cancel() }
    let form = form
    let count = count
    try await withThread(named: "capture") { () throws(CommandFailure) in
      try Self.capture(scope, as: form, upTo: count, until: stop)
    }
  }

  private var form: CaptureSink.Form {
    if let write { return .file(write) }
    return output == .json ? .json : .text
  }

  /// Captures until `stop` or an error, and says how much it was.
  private static func capture(
    _ scope: CaptureScope, as form: CaptureSink.Form, upTo count: Int?, until stop: StopSignal
  ) throws(CommandFailure) {
    do throws(SystemError) {
      let capture = try FrameCapture(links: scope.links, interest: scope.interest)
      let sink = try CaptureSink(form, upTo: count, scope)
      CommandFailure.writeToStandardError("announcer: listening on \(scope.description)")
      let total = try capture.run(
        until: stop,
        lost: { CommandFailure.writeToStandardError("announcer: \($0.subject) went down") },
        { frame throws(SystemError) in try sink.take(frame) })
      CommandFailure.writeToStandardError(
        "announcer: \(total.seen) \(total.seen == 1 ? "frame" : "frames") seen, "
          + "\(total.dropped) dropped by the kernel")
    } catch {
      // A reader that went away has seen enough.
      guard error.code != EPIPE else { return }
      throw failure(error)
    }
  }

  private static func failure(_ error: SystemError) -> CommandFailure {
    switch (error.call, error.code) {
    case (let call, EPERM) where call.hasPrefix("pcap"):
      CommandFailure("capturing needs the capability CAP_NET_RAW: run it as root (\(error))")
    case (let call, ENETDOWN) where call.hasPrefix("pcap"):
      CommandFailure("the interface '\(error.subject)' is down")
    case (let call, ENODEV) where call.hasPrefix("pcap"):
      CommandFailure("there is no interface '\(error.subject)' any more")
    case ("open", _), ("write", _): CommandFailure("cannot write \(error.subject): \(error)")
    default: CommandFailure("\(error)")
    }
  }
}
