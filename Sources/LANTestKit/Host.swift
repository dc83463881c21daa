internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import LinuxSystem
package import Wire

/// One host of a test's LAN: a network namespace with a real Linux network stack.
package struct Host: Sendable {
  /// What the test calls it.
  package let name: String
  /// The name under which `ip netns` knows its namespace.
  package let namespace: String
  /// The link that joins it to the LAN's bridge.
  package let link: String

  /// Runs a command on this host to its end. A command that does not end within `limit` is killed
  /// and an error; one that fails is not.
  @discardableResult
  package func run(
    _ command: String, _ arguments: String..., within limit: Duration = .seconds(30)
  ) async throws -> CommandResult {
    try await run([command] + arguments, within: limit)
  }

  /// Runs a command line on this host to its end.
  @discardableResult
  package func run(
    _ arguments: [String], within limit: Duration = .seconds(30)
  ) async throws -> CommandResult {
    try await runCommand(["ip", "netns", "exec", namespace] + arguments, within: limit)
  }

  /// Starts a command on this host and lets it run; the LAN's end is its end too.
  package func spawn(
    _ command: String, _ arguments: String..., environment: [String: String] = [:]
  ) throws -> RunningProcess {
    try spawn([command] + arguments, environment: environment)
  }

  /// Starts a command line on this host; `ip netns exec` becomes the command, so the pid is its.
  package func spawn(
    _ arguments: [String], environment: [String: String] = [:], errorPipeOctets: Int32? = nil,
    sink: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
  ) throws -> RunningProcess {
    try RunningProcess(
      ["ip", "netns", "exec", namespace] + arguments, environment: environment,
      errorPipeOctets: errorPipeOctets, sink: sink)
  }

  /// Runs `ip` on this host; a failure is an error.
  @discardableResult
  package func ip(_ arguments: String...) async throws -> String {
    try await must(["ip", "-n", namespace] + arguments)
  }

  /// Sets kernel parameters of this host, such as `net.ipv4.conf.all.arp_ignore`.
  package func sysctl(_ settings: [String: String]) async throws {
    try await must(
      ["ip", "netns", "exec", namespace, "sysctl", "-q", "-w"]
        + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
  }

  /// Gives this host's link an address, such as `10.80.0.1/16` or `2001:db8::1/64`.
  package func addAddress(_ address: String, link: String? = nil) async throws {
    try await ip("address", "add", address, "dev", link ?? self.link)
  }

  /// Sends a datagram to the discard port, which makes this host's kernel look for the neighbour,
  /// or use and in time poll the entry that it has.
  package func sendDatagram(to address: String) async throws {
    try await run("bash", "-c", "echo > /dev/udp/\(address)/9")
  }

  /// Runs `body` on a thread of its own inside this host's namespace.
  package func inNamespace<Success: Sendable>(
    _ body: @escaping @Sendable () throws -> Success
  ) async throws -> Success {
    try await withNamespace(namespace, body)
  }

  /// What the kernel says about a link of this host (`ip -j link show`), nil where there is none.
  package func linkState(_ link: String? = nil) async throws -> LinkState? {
    let result = try await runCommand(
      ["ip", "-n", namespace, "-j", "link", "show", "dev", link ?? self.link])
    guard result.succeeded else { return nil }
    return try JSONDecoder().decode([LinkState].self, from: Data(result.standardOutput.utf8)).first
  }

  /// The hardware address of a link of this host.
  package func hardwareAddress(_ link: String? = nil) async throws -> MACAddress {
    guard let text = try await linkState(link)?.address, let address = MACAddress(text) else {
      throw LANError("\(name) has no link \(link ?? self.link) with a hardware address")
    }
    return address
  }

  /// This host's neighbour tables, ARP and ND (`ip -j neighbour`).
  package func neighbours() async throws -> [Neighbour] {
    let text = try await must(["ip", "-n", namespace, "-j", "neighbour", "show"])
    return try JSONDecoder().decode([Neighbour].self, from: Data(text.utf8))
  }

  /// This host's neighbour entry for an address, nil where there is none.
  package func neighbour(_ address: String) async throws -> Neighbour? {
    try await neighbours().first { $0.address == address }
  }

  /// Waits until the link can carry frames and, where it has IPv6, has its link-local address.
  func waitForLink(within limit: Duration = .seconds(5)) async throws {
    let ready = try await timeUntil(within: limit) {
      guard try await linkState()?.operationalState == "UP" else { return false }
      return try await ip("-6", "address", "show", "dev", link, "scope", "link").contains("fe80")
    }
    guard ready != nil else { throw LANError("\(name): \(link) does not come up") }
  }
}

/// What `ip -j link` says of one link, as far as tests ask.
package struct LinkState: Decodable, Sendable {
  package let index: Int
  package let name: String
  package let flags: [String]
  package let operationalState: String
  package let address: String?

  private enum CodingKeys: String, CodingKey {
    case index = "ifindex"
    case name = "ifname"
    case flags
    case operationalState = "operstate"
    case address
  }
}

/// One entry of a neighbour table, as `ip -j neighbour` gives it.
package struct Neighbour: Decodable, Sendable {
  package let address: String
  package let link: String
  package let hardwareAddress: MACAddress?
  /// REACHABLE, STALE, DELAY, PROBE, FAILED, INCOMPLETE, PERMANENT.
  package let state: [String]

  private enum CodingKeys: String, CodingKey {
    case address = "dst"
    case link = "dev"
    case hardwareAddress = "lladdr"
    case state
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    address = try container.decode(String.self, forKey: .address)
    link = try container.decode(String.self, forKey: .link)
    state = try container.decodeIfPresent([String].self, forKey: .state) ?? []
    hardwareAddress = try container.decodeIfPresent(String.self, forKey: .hardwareAddress)
      .flatMap { MACAddress($0) }
  }
}
