internal import ArgumentParser
internal import Control
internal import Glibc

struct Drain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hand every address over and stop competing, until `undrain` or a restart.",
    discussion: """
      Waits until other nodes have what was announced here, for a few seconds at most, and says which node took what. \
      With --output json it prints the status of then. Exit code 1: nobody took some of it, which is silent now.
      """)

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  /// How long nodes that are there may take for thousands of addresses, without any progress.
  private static let patience = Duration.seconds(5)
  private static let pause = Duration.milliseconds(20)

  func run() throws {
    let before = try status(.status)
    var outcome = DrainOutcome(before, after: try status(.drain))
    // Where nobody else is there, there is nothing to wait for but our own release.
    let hasOthers = hasOtherNodes
    var changedAt = ContinuousClock.now
    while outcome.isOpen(hasOthers: hasOthers), ContinuousClock.now - changedAt < Self.patience {
      usleep(useconds_t(Self.pause / .microseconds(1)))
      let next = DrainOutcome(before, after: try status(.status))
      if next != outcome { changedAt = .now }
      outcome = next
    }
    switch format.output {
    case .json: try format.printJSON(outcome.status)
    case .text:
      try CommandFailure.writeToStandardOutput(outcome.lines.map { $0 + "\n" }.joined())
    }
    if let loss = outcome.loss { throw CommandFailure(loss) }
  }

  private func status(_ command: Request.Command) throws -> Status {
    let response = try socket.ask(command)
    guard let status = response.status else {
      throw CommandFailure("the daemon (version \(response.version)) sent no status")
    }
    return status
  }

  /// Whether another node has a session. A store that does not answer does not know; then we wait.
  private var hasOtherNodes: Bool {
    guard let cluster = try? socket.ask(.cluster).cluster, cluster.store.reachable else {
      return true
    }
    return cluster.nodes.contains { $0.name != cluster.node && $0.state == .live }
  }
}
