internal import ArgumentParser
internal import Daemon

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Is this configuration right, here, on this node?",
    discussion: """
      Reads the file as the daemon would, and shows which interfaces match which pattern, what \
      would be announced where, and what on this node stands in the way. Sends nothing. Exit code \
      0: right; 1: not on this node; 2: the file has errors.
      """)

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var format: OutputOptions

  func run() async throws {
    let configuration = try options.load()
    let assessment: Assessment
    do {
      assessment = try await Assessment(configuration)
    } catch {
      throw CommandFailure("cannot look at this node: \(error)")
    }
    let report = CheckReport(configuration, assessment)
    switch format.output {
    case .json: try format.printJSON(report)
    case .text: CommandFailure.writeToStandardOutput(report.text)
    }
    guard report.ok else { throw CommandFailure() }
  }
}
