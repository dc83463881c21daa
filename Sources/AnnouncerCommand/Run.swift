internal import ArgumentParser
internal import Configuration
internal import Daemon
internal import FoundationEssentials

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the daemon in the foreground.",
    discussion: """
      Ends on SIGTERM or SIGINT after every address has been handed over; reads its configuration \
      again on SIGHUP. Needs the capability CAP_NET_RAW.
      """)

  @OptionGroup var options: ConfigurationOptions

  func run() async throws {
    let configuration = try options.load()
    do {
      try await Daemon(
        configuration, version: announcerVersion, environment: ProcessInfo.processInfo.environment
      ).run()
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
