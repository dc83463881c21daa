internal import ArgumentParser
internal import Glibc
internal import LinuxSystem

/// The command line: `announcer run`, and everything that asks or tries.
@main
struct AnnouncerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "announcer",
    abstract: "Makes LoadBalancer addresses reachable on a LAN.",
    discussion: """
      Answers ARP requests and IPv6 neighbour solicitations for the configured addresses, announces \
      them with gratuitous ARP and unsolicited neighbour advertisements, and elects through leases \
      so that exactly one node announces each address.
      """,
    version: announcerVersion,
    subcommands: [
      Run.self, Check.self, Reload.self, StatusCommand.self, Explain.self, PoolsCommand.self,
      ProbeCommand.self,
      CaptureCommand.self, Drain.self, Undrain.self, HandoverCommand.self, KubeconfigCommand.self,
      ReportCommand.self,
      Version.self,
    ])

  static func main() async {
    // A reader that went away (`announcer status | head`) is no reason to die of a signal.
    signal(SIGPIPE, SIG_IGN)
    // First of all, while there is only this thread.
    NetRawCapability.raise()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      failure.print()
      Glibc.exit(failure.code)
    } catch {
      // ArgumentParser's own code for wrong usage is 64 (EX_USAGE); ours is 2.
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      // One line; the usage that ArgumentParser would add is a `--help` away.
      let message = message(for: error).split(separator: "\n").joined(separator: " ")
      CommandFailure("\(message) (see `announcer --help`)", code: CommandFailure.wrongUsage).print()
      Glibc.exit(CommandFailure.wrongUsage)
    }
  }
}

/// The version of the program and of the protocol on its control socket.
let announcerVersion = "0.1.0"
