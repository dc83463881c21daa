internal import ArgumentParser
internal import Configuration
internal import Daemon

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Is this configuration right, here, on this node?",
    discussion: """
      Reads the file as the daemon would, and shows which interfaces match which pattern, what \
      would be announced where, what on this node stands in the way, and what a reload of the \
      running daemon would change. Sends no frame, and writes nowhere. What this user may not look at is said, and is \
      no fault of the file. Exit code 0: right; 1: not on this node; 2: the file has errors.
      """)

  @Flag(
    help: "Also connect to the lease store, log in and read, as the daemon would; write nothing.")
  var store = false

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var format: OutputOptions

  func run() async throws {
    let configuration = try options.load()
    async let daemon = RunningDaemon.ask(
      at: configuration.control.socket, about: configuration.file)
    let assessment: Assessment
    do {
      assessment = try await Assessment(configuration)
    } catch {
      throw CommandFailure("cannot look at this node: \(error)")
    }
    let report = CheckReport(
      configuration, assessment, await daemon,
      store: store ? await StoreAssessment(configuration) : nil)
    switch format.output {
    case .json: try format.printJSON(report)
    case .text: try CommandFailure.writeToStandardOutput(report.text)
    }
    guard report.ok else { throw CommandFailure() }
  }
}
