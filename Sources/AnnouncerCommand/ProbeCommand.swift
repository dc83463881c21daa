internal import Announcer
internal import ArgumentParser
internal import Control
internal import FoundationEssentials
internal import LinuxSystem
internal import Netlink
internal import RawSocket
internal import Time
internal import Wire

struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Ask the LAN who has an address, and list everybody who answers.",
    discussion: """
      Sends ARP requests or neighbour solicitations and needs no daemon, but the capability \
      CAP_NET_RAW. A host does not hear its own question: where the daemon of this node announces \
      the address, or this node has it itself, this node counts as a station that answers. Exit \
      code 0: exactly one station answers; 3: none; 4: several.
      """)

  @Argument(help: "An IPv4 or IPv6 address.")
  var address: String

  @Option(
    help: ArgumentHelp(
      "The interface to ask on; by default those whose subnet holds the address, else all.",
      valueName: "name"))
  var interface: String?

  @Option(help: ArgumentHelp("How many times to ask, 1 to 100.", valueName: "n"))
  var count = 3

  @OptionGroup var socket: SocketOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard let subject = IPAddress(address) else {
      throw ValidationError("'\(address)' is not an IPv4 or IPv6 address.")
    }
    // A link-local one cannot be announced, and has a station.
    if let reason = subject.reasonNotAnnounceable, !subject.isLinkLocalIPv6 {
      throw ValidationError("'\(address)' cannot be asked for: \(reason).")
    }
    guard (1...100).contains(count) else {
      throw ValidationError("--count is \(count); write a number from 1 to 100.")
    }
  }

  func run() async throws {
    guard let address = IPAddress(address) else { return }
    let all = try await currentLinks()
    let probe = Probe(address, on: try links(for: address, among: all))
    let count = count
    let result: Result<[Probe.Answer], SystemError> = await withThread(named: "probe") {
      do throws(SystemError) {
        return .success(try probe.run(count: count, interval: .milliseconds(500)))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .failure(let error) where error.code == 1:
      throw CommandFailure("probing needs the capability CAP_NET_RAW: run it as root (\(error))")
    case .failure(let error): throw CommandFailure("\(error)")
    case .success(let answers):
      let report = ProbeReport(
        address, on: probe.links.map(\.name), answers,
        announcing: ownLinks(address, among: probe.links),
        having: all.filter { $0.addresses.contains { $0.address == address } },
        own: all.compactMap(\.hardwareAddress))
      switch format.output {
      case .json: try format.printJSON(report)
      case .text:
        let style = TerminalStyle(environment: ProcessInfo.processInfo.environment)
        try CommandFailure.writeToStandardOutput(report.text(style))
      }
      switch report.stationCount {
      case 0: throw CommandFailure(code: CommandFailure.nobody)
      case 1: return
      default: throw CommandFailure(code: CommandFailure.several)
      }
    }
  }

  /// Those of the links on which the daemon of this node announces the address; none where no daemon answers.
  ///
  /// The socket may be that of a daemon in another network namespace: its links are compared with ours.
  private func ownLinks(_ address: IPAddress, among links: [Link]) -> [Link] {
    let client = ControlClient(path: socket.socket, version: announcerVersion)
    guard let status = try? client.ask(.status).response.status else { return [] }
    let entry = status.addresses.first {
      IPAddress($0.address) == address && $0.state == .announcing
    }
    guard let entry else { return [] }
    return links.filter { link in
      entry.interfaces.contains(link.name)
        && status.interfaces.contains {
          $0.name == link.name && $0.hardwareAddress == link.hardwareAddress?.description
        }
    }
  }

  /// The link that was asked for, or those into the address's own subnet, or all that could carry
  /// the question.
  private func links(for address: IPAddress, among all: [Link]) throws -> [Link] {
    if let interface {
      guard let link = all.first(where: { $0.name == interface }) else {
        let names = all.map(\.name).joined(separator: ", ")
        throw CommandFailure("there is no interface '\(interface)'; there are \(names)")
      }
      guard link.hardwareAddress != nil else {
        throw CommandFailure("'\(interface)' has no Ethernet address")
      }
      return [link]
    }
    let usable = InterfaceSelection(patterns: [], links: all).verdicts
      .filter { $0.serves(address) }.map(\.link)
    let candidates = all.filter { usable.contains($0.id) }
    let near = candidates.filter { link in
      link.addresses.contains {
        IPRange($0.address, prefixLength: $0.prefixLength)?.contains(address) ?? false
      }
    }
    let chosen = near.isEmpty ? candidates : near
    guard !chosen.isEmpty else {
      throw CommandFailure("no interface can carry the question; name one with --interface")
    }
    return chosen
  }
}

/// What a probe found, for people and for JSON.
struct ProbeReport: Encodable {
  struct Station: Encodable {
    let hardwareAddress: String
    let interface: String
    let answers: Int
    let latencyMs: Double
    /// The node that asks, whose daemon says that it announces the address.
    var isThisNode = false
    /// It is an address of that node itself, for which the kernel answers.
    var isConfigured = false

    private enum CodingKeys: String, CodingKey {
      case hardwareAddress, interface, answers, latencyMs
      case isThisNode = "thisNode"
    }
  }

  let address: String
  let interfaces: [String]
  let stations: [Station]

  /// - Parameters:
  ///   - announcing: links that were asked on, and on which this node's daemon announces the address.
  ///   - having: links of this node that have the address themselves.
  ///   - own: the hardware addresses of this node. While its daemon checks itself, one link of it may have
  ///     answered what was asked from another.
  init(
    _ address: IPAddress, on interfaces: [String], _ answers: [Probe.Answer],
    announcing: [Link] = [], having: [Link] = [], own: [MACAddress] = []
  ) {
    self.address = "\(address)"
    self.interfaces = interfaces
    let heard = answers.map {
      Station(
        hardwareAddress: "\($0.hardwareAddress)", interface: $0.interface, answers: $0.count,
        latencyMs: ($0.latency.milliseconds * 1000).rounded() / 1000,
        isThisNode: own.contains($0.hardwareAddress))
    }
    // On a loopback interface it has no hardware address, and whether the kernel answers depends.
    let having = having.filter { $0.hardwareAddress?.isStation ?? false }
    let announcing = announcing.filter { link in !having.contains { $0.id == link.id } }
    let unheard = (having + announcing).compactMap { link -> Station? in
      guard let address = link.hardwareAddress?.description,
        !heard.contains(where: { $0.hardwareAddress == address })
      else { return nil }
      return Station(
        hardwareAddress: address, interface: link.name, answers: 0, latencyMs: 0, isThisNode: true,
        isConfigured: having.contains { $0.id == link.id })
    }
    stations = unheard + heard
  }

  /// This node is one station, on however many links it announces.
  var stationCount: Int {
    stations.count { !$0.isThisNode } + (stations.contains(where: \.isThisNode) ? 1 : 0)
  }

  /// For people: one station in green, none in red, several under a banner.
  func text(_ style: TerminalStyle) -> String {
    let asked = "asked on \(printable(interfaces.joined(separator: ", ")))"
    switch stationCount {
    case 0: return "\(style.paint("\(address): nobody answers", .bad)) (\(asked))\n"
    case 1:
      return stations.map { "\(address) is at \(line($0, style, .good))\n" }.joined()
    default:
      let banner = "\(address): \(stationCount) STATIONS ANSWER"
      let who = stations.map { "  \(line($0, style, .alarm))\n" }.joined()
      return "\(style.paint(banner, .alarm))\n\(who)"
    }
  }

  private func line(
    _ station: Station, _ style: TerminalStyle, _ tone: TerminalStyle.Tone
  ) -> String {
    "\(style.paint(station.hardwareAddress, tone)) on \(printable(station.interface)) "
      + (station.isThisNode
        ? station.isConfigured ? "(this node has it itself)" : "(this node announces it)"
        : "(\(station.answers) answers, first after \(station.latencyMs) ms)")
  }
}
