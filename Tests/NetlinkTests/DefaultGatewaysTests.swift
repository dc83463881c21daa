import Announcer
import CMnl
import LinuxSystem
import Netlink
import Testing
import Wire

/// What the reader makes of route messages, octet by octet.
struct DefaultRouteTests {
  typealias Bytes = MessageBytes

  /// `struct rtmsg`.
  static func header(
    family: UInt8 = 2, prefixLength: UInt8 = 0, type: Int = Int(RTN_UNICAST),
    flags: UInt32 = 0
  ) -> [UInt8] {
    [family, prefixLength, 0, 0, 254, 3, 0, UInt8(type)] + Bytes.octets(flags)
  }

  static func link(_ index: Int32) -> [UInt8] {
    Bytes.attribute(Int(RTA_OIF.rawValue), Bytes.octets(index))
  }

  static func gateway(_ octets: UInt8...) -> [UInt8] {
    Bytes.attribute(Int(RTA_GATEWAY.rawValue), octets)
  }

  private func read(_ type: Int, _ payload: [UInt8]) -> RouteMessageReader {
    let bytes = Bytes.message(type: type, payload)
    return RouteMessageReader(bytes, count: bytes.count)
  }

  private func bodies(_ payload: [UInt8]) -> [RouteMessage.Body] {
    read(24, payload).messages.map(\.body)
  }

  private static func at(_ address: String, _ link: Int32) -> Gateway {
    Gateway(IPAddress(address)!, on: link)
  }

  @Test func theRouterOfADefaultRouteIsRead() {
    let route = Self.header() + Self.gateway(10, 80, 8, 1) + Self.link(7)
    #expect(bodies(route) == [.defaultRoute([Self.at("10.80.8.1", 7)])])
    #expect(read(25, route).messages.map(\.body) == [.defaultRoute([Self.at("10.80.8.1", 7)])])
    let six: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    let route6 =
      Self.header(family: 10) + Bytes.attribute(Int(RTA_GATEWAY.rawValue), six) + Self.link(7)
    #expect(bodies(route6) == [.defaultRoute([Self.at("2001:db8::1", 7)])])
    // An IPv4 route by way of an IPv6 router (RFC 5549).
    let via = Bytes.attribute(Int(RTA_VIA.rawValue), Bytes.octets(UInt16(10)) + six)
    #expect(
      bodies(Self.header() + via + Self.link(7)) == [.defaultRoute([Self.at("2001:db8::1", 7)])])
    // A line that leads to no router.
    #expect(bodies(Self.header() + Self.link(7)) == [.defaultRoute([])])
  }

  @Test func allWaysOfARouteAreRead() {
    func way(_ index: Int32, _ attributes: [UInt8]) -> [UInt8] {
      Bytes.octets(UInt16(8 + attributes.count)) + [0, 0] + Bytes.octets(index) + attributes
    }
    let ways =
      way(7, Self.gateway(10, 80, 8, 1)) + way(9, []) + way(8, Self.gateway(10, 80, 9, 1))
    let route = Self.header() + Bytes.attribute(Int(RTA_MULTIPATH.rawValue), ways)
    #expect(bodies(route) == [.defaultRoute([Self.at("10.80.8.1", 7), Self.at("10.80.9.1", 8)])])
  }

  @Test func otherRoutesAreNothingToUs() {
    let rest = Self.gateway(10, 80, 8, 1) + Self.link(7)
    for header in [
      Self.header(prefixLength: 24), Self.header(family: 7),
      Self.header(type: Int(RTN_BLACKHOLE)), Self.header(flags: UInt32(RTM_F_CLONED)),
    ] {
      #expect(bodies(header + rest) == [.other(type: 24)])
    }
  }

  @Test func lengthsThatLieAreLeftOut() {
    let multipath = Int(RTA_MULTIPATH.rawValue)
    for ways in [
      Bytes.octets(UInt16(7)) + [0, 0] + Bytes.octets(Int32(7)),
      Bytes.octets(UInt16(16)) + [0, 0] + Bytes.octets(Int32(7)), [8, 0, 0, 0],
      Bytes.octets(UInt16(12)) + [0, 0] + Bytes.octets(Int32(7)) + Bytes.octets(UInt16(9)) + [
        5, 0,
      ],
    ] {
      let reader = read(24, Self.header() + Bytes.attribute(multipath, ways))
      #expect(reader.malformed == 1 && reader.messages.isEmpty, "\(ways)")
    }
    #expect(read(24, [2, 0, 0]).malformed == 1)
    #expect(read(24, Self.header() + Self.gateway(10, 80)).malformed == 1)
  }
}

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct DefaultGatewaysTests {
  private static let links = """
    ip link add lan0 index 100 type veth peer name far0; ip link set lan0 up; ip link set far0 up
    ip link add lan1 index 102 type veth peer name far1; ip link set lan1 up; ip link set far1 up
    ip address add 10.80.8.2/24 dev lan0; ip address add 10.80.9.2/24 dev lan1
    ip address add 2001:db8::2/64 dev lan0 nodad
    """

  private func at(_ address: String, _ link: Int32) throws -> Gateway {
    Gateway(try #require(IPAddress(address)), on: link)
  }

  @Test func routersOfAllTablesAndFamiliesAreListed() async throws {
    let namespace = try await NetworkNamespace()
    try await namespace.shell(
      """
      \(Self.links)
      ip route add default nexthop via 10.80.8.1 nexthop via 10.80.9.1
      ip route add default via 10.80.8.254 table 7
      ip -6 route add default via 2001:db8::1
      ip route add 10.99.0.0/16 via 10.80.8.77; ip route add blackhole default metric 900
      """)
    let gateways = try await namespace.run { try defaultGateways() }
    #expect(
      gateways == [
        try at("10.80.8.1", 100), try at("10.80.9.1", 102), try at("10.80.8.254", 100),
        try at("2001:db8::1", 100),
      ])
  }

  @Test(.timeLimit(.minutes(1))) func changesAreFollowed() async throws {
    let namespace = try await NetworkNamespace()
    try await namespace.shell(Self.links)
    let monitor = try await namespace.run { try GatewayMonitor() }
    let running = Task { try await monitor.run() }
    defer { monitor.stop() }
    var seen = monitor.gateways.makeAsyncIterator()
    #expect(await seen.next() == [])
    try await namespace.shell("ip route add default via 10.80.8.1")
    #expect(await seen.next() == [try at("10.80.8.1", 100)])
    try await namespace.shell("ip route replace default via 10.80.8.3")
    #expect(await seen.next() == [try at("10.80.8.3", 100)])
    // The kernel says nothing of routes that go with their link.
    try await namespace.shell("ip link set lan0 down")
    #expect(await seen.next() == [])
    monitor.stop()
    try await running.value
    #expect(await seen.next() == nil)
  }

  /// A node with many routes would do nothing but list them.
  @Test(.timeLimit(.minutes(1))) func aFloodOfChangesIsListedAtAPace() async throws {
    let namespace = try await NetworkNamespace()
    try await namespace.shell(Self.links)
    let monitor = try await namespace.run { try GatewayMonitor() }
    let running = Task { try await monitor.run() }
    defer { monitor.stop() }
    var seen = monitor.gateways.makeAsyncIterator()
    #expect(await seen.next() == [])
    let start = ContinuousClock.now
    try await namespace.shell(
      """
      for i in $(seq 1 100); do
        ip route replace default via 10.80.8.$i; ip link set lan1 down; ip link set lan1 up
      done
      ip route replace default via 10.80.8.200
      """)
    let last = try at("10.80.8.200", 100)
    while await seen.next() != [last] {}
    let time = ContinuousClock.now - start
    monitor.stop()
    try await running.value
    #expect(Double(monitor.listings) <= 2 + time / .milliseconds(100), "\(time)")
  }
}
