internal import ArgumentParser
internal import Configuration
internal import Daemon
internal import FoundationEssentials
internal import Glibc
internal import LinuxSystem

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the daemon in the foreground.",
    discussion: """
      Ends on SIGTERM or SIGINT after every address has been handed over; reads its configuration \
      again on SIGHUP. Needs the capability CAP_NET_RAW.
      """)

  @OptionGroup var options: ConfigurationOptions

  func run() async throws {
    // A reload that is wanted before anybody listens finds what is being read anyway, and must not end the
    // process, which the signal would do by default.
    signal(SIGHUP, SIG_IGN)
    if let warning = AddressSpaceLimit.warning(AddressSpaceLimit.current) {
      CommandFailure.writeToStandardError("announcer: warning: \(warning)")
    }
    let configuration = try options.load()
    do {
      try await Daemon(
        configuration, version: announcerVersion, environment: ProcessInfo.processInfo.environment
      ).run()
    } catch is EndedByFailure {
      throw CommandFailure()
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
