internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// A LAN of a test's own: a bridge in a network namespace, and hosts with real Linux network stacks
/// in namespaces of theirs, joined to it by veth pairs.
///
/// `LAN.with(hosts:)` is the only way to get one, so that it goes away however the test ends. IPv6
/// duplicate address detection is off: link-local addresses are usable at once.
package final class LAN: Sendable {
  /// The namespaces' common name: `announcer-<pid>-<n>`.
  package let name: String
  /// The namespace that holds the bridge `br0`, and on it one port for each host's link.
  package let bridge: Host
  private let hosts: [String: Host]

  private static let counter = Atomic<Int>(0)

  private init(name: String, bridge: Host, hosts: [String: Host]) {
    self.name = name
    self.bridge = bridge
    self.hosts = hosts
  }

  /// The host called `name`, which must be one that the LAN was made with.
  package subscript(_ name: String) -> Host {
    guard let host = hosts[name] else { preconditionFailure("no host \(name) on this LAN") }
    return host
  }

  /// Makes a LAN, runs `body` on it, and takes it away again: processes, links, namespaces.
  ///
  /// - Parameters:
  ///   - link: the name of each host's link to the bridge.
  ///   - multicastSnooping: whether the bridge forwards groups only to ports that reported them.
  package static func with<Success>(
    hosts names: [String], link: String = "lan0", multicastSnooping: Bool = false,
    _ body: (LAN) async throws -> Success
  ) async throws -> Success {
    _ = swept
    let number = counter.add(1, ordering: .relaxed).newValue
    let name = "announcer-\(getpid())-\(number)"
    let bridge = Host(name: "bridge", namespace: "\(name)-bridge", link: "br0")
    let hosts = names.map { Host(name: $0, namespace: "\(name)-\($0)", link: link) }
    let lan = LAN(
      name: name, bridge: bridge,
      hosts: Dictionary(uniqueKeysWithValues: hosts.map { ($0.name, $0) }))
    do {
      try await lan.setUp(multicastSnooping: multicastSnooping)
      let result = try await body(lan)
      await lan.tearDown()
      return result
    } catch {
      await lan.tearDown()
      throw error
    }
  }

  /// Adds a link `link` to `host`, joined to the bridge by its port `<host>.<link>`; both come up.
  ///
  /// - Parameter index: the link's index in `host`; nil for the next free one.
  package func connect(
    _ host: Host, link: String, index: Int? = nil, up: Bool = true
  ) async throws {
    let port = port(of: host, link: link)
    let wish = index.map { "index \($0)" } ?? ""
    // The kernel takes an index for the first of the two only.
    try await ipBatch(
      """
      link add name \(link) \(wish) netns \(host.namespace) type veth peer name \(port) \
      netns \(bridge.namespace)
      """)
    try await bridge.ip("link", "set", "dev", port, "master", "br0", "up")
    if up { try await host.ip("link", "set", "dev", link, "up") }
  }

  /// The bridge's end of a host's link: taking it down is pulling the cable (carrier lost).
  package func port(of host: Host, link: String? = nil) -> String {
    // Interface names have 15 octets at most.
    String("\(host.name).\(link ?? host.link)".suffix(15))
  }

  /// Pulls the cable of `host`: its link stays up and loses its carrier.
  package func unplug(_ host: Host, link: String? = nil) async throws {
    try await bridge.ip("link", "set", "dev", port(of: host, link: link), "down")
  }

  /// Plugs the cable of `host` in again.
  package func plug(_ host: Host, link: String? = nil) async throws {
    try await bridge.ip("link", "set", "dev", port(of: host, link: link), "up")
  }

  private var members: [Host] { [bridge] + hosts.values.sorted { $0.name < $1.name } }

  private func setUp(multicastSnooping: Bool) async throws {
    try await ipBatch(members.map { "netns add \($0.namespace)" }.joined(separator: "\n"))
    for host in members {
      try await host.ip("link", "set", "dev", "lo", "up")
      try await host.sysctl([
        "net.ipv6.conf.all.accept_dad": "0", "net.ipv6.conf.default.accept_dad": "0",
        "net.ipv6.conf.default.dad_transmits": "0",
        // Router solicitations would only be noise in captures.
        "net.ipv6.conf.default.router_solicitations": "0",
      ])
    }
    try await bridge.ip(
      "link", "add", "name", "br0", "type", "bridge", "mcast_snooping",
      multicastSnooping ? "1" : "0")
    try await bridge.ip("link", "set", "dev", "br0", "up")
    for host in hosts.values { try await connect(host, link: host.link) }
    for host in hosts.values { try await host.waitForLink() }
  }

  private func tearDown() async {
    let namespaces = members.map(\.namespace)
    await withThread(named: "tearing-down") { Self.remove(namespaces) }
  }

  /// Ends every process inside the namespaces, which are ours alone, then removes them.
  private static func remove(_ namespaces: [String]) {
    for namespace in namespaces {
      for pid in processes(in: namespace) { kill(pid, SIGKILL) }
      _ = try? runBlocking(["ip", "netns", "delete", namespace])
    }
  }

  /// Removes what a test run that was killed left behind: namespaces of pids that are gone.
  private static let swept: Void = {
    let stale = (directoryEntries("/run/netns") ?? []).filter { name in
      let parts = name.split(separator: "-")
      guard parts.count >= 4, parts[0] == "announcer", let pid = pid_t(parts[1]) else {
        return false
      }
      return kill(pid, 0) == -1 && errno == ESRCH
    }
    remove(stale)
  }()
}
