internal import ArgumentParser
internal import Control
internal import FoundationEssentials

struct PoolsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pools",
    abstract: "The pools that Services get their addresses from, and who goes without.",
    discussion: """
      Which node gives addresses (kubernetes.addressPools), how much of each CiliumLoadBalancerIPPool is \
      used, what is wrong with it, and the Services that lack an address, by reason. Given names, it tells \
      of these pools alone, with all their ranges.
      """)

  @Argument(help: ArgumentHelp("Only these pools.", valueName: "name"))
  var names: [String] = []

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  func run() throws {
    let response = try socket.ask(.pools)
    guard let pools = response.pools else {
      throw CommandFailure("the daemon (version \(response.version)) did not tell of its pools")
    }
    if let fault = pools.fault(asking: names) { throw CommandFailure(fault) }
    switch format.output {
    case .json: try format.printJSON(names.isEmpty ? pools : pools.restricted(to: names))
    case .text:
      try CommandFailure.writeToStandardOutput(
        PoolsText.render(
          pools, asked: names,
          style: TerminalStyle(environment: ProcessInfo.processInfo.environment)))
    }
  }
}
