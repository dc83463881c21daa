import Announcer
import CLinux
import Foundation
import LinuxSystem
import Netlink
import Synchronization
import Testing
import Time
import Wire

/// The monitor against the kernel, each test in a network namespace of its own.
@Suite(
  .enabled(if: mayMakeNamespaces, "needs root to make network namespaces"), .timeLimit(.minutes(10))
)
struct LinkMonitorTests {
  /// Reads snapshots until one fits.
  struct Follower {
    let monitor: LinkMonitor
    var iterator: AsyncStream<[Link]>.Iterator
    var links: [Link] = []

    @discardableResult
    mutating func wait(
      _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
      until fits: ([Link]) -> Bool
    ) async throws -> [Link] {
      while !fits(links) {
        // The stream ends when the watchdog has stopped the monitor.
        links = try #require(
          await iterator.next(isolation: #isolation), "timed out: \(what)",
          sourceLocation: sourceLocation)
      }
      return links
    }

    func link(_ name: String) -> Link? { links.first { $0.name == name } }

    /// Waits for a link by name that fits.
    @discardableResult
    mutating func wait(
      for name: String, sourceLocation: SourceLocation = #_sourceLocation,
      until fits: (Link) -> Bool = { _ in true }
    ) async throws -> Link {
      try await wait("\(name)", sourceLocation: sourceLocation) { links in
        links.contains { $0.name == name && fits($0) }
      }
      return try #require(link(name))
    }
  }

  /// Makes a namespace, runs `setUp` in it, follows it while `body` runs.
  func follow(
    receiveBufferSize: Int = 1 << 20, _ setUp: String,
    beforeRun: String? = nil,
    _ body: (NetworkNamespace, inout Follower) async throws -> Void
  ) async throws {
    let namespace = try await NetworkNamespace()
    try await namespace.shell(setUp)
    let monitor = try await namespace.run {
      try LinkMonitor(receiveBufferSize: receiveBufferSize)
    }
    if let beforeRun { try await namespace.shell(beforeRun) }
    let running = Task { try await monitor.run() }
    let watchdog = Task {
      try await Task.sleep(for: .seconds(20))
      monitor.stop()
    }
    defer { watchdog.cancel() }
    var follower = Follower(monitor: monitor, iterator: monitor.links.makeAsyncIterator())
    try await follower.wait("the first snapshot") { !$0.isEmpty }
    try await body(namespace, &follower)
    monitor.stop()
    try await running.value
    #expect(monitor.statistics.malformed == 0)
  }

  static let pair = """
    ip link add lan0 index 100 address 02:00:00:00:01:00 type veth \
      peer name far0 index 101 address 02:00:00:00:01:01
    ip link set lan0 up; ip link set far0 up
    """

  @Test func theFirstSnapshotHasLinksAndTheirAddresses() async throws {
    try await follow(Self.pair + "; ip addr add 10.9.0.1/24 dev lan0") { _, follower in
      let link = try #require(follower.link("lan0"))
      #expect(link.id == LinkID(index: 100, generation: 0))
      #expect(link.kind == "veth" && link.hardwareAddress == MACAddress("02:00:00:00:01:00"))
      #expect(link.addresses.contains { $0.address == IPAddress("10.9.0.1") })
      #expect(follower.links.map(\.id.index) == follower.links.map(\.id.index).sorted())
      #expect(follower.links.first?.name == "lo" && follower.links.first?.hardwareType == 772)
      #expect(link.isIPv6Disabled == false)
      // Duplicate address detection takes a second; then the link can be a source of NAs.
      try await follower.wait(for: "lan0") { $0.linkLocalAddress != nil }
    }
  }

  @Test func adminDownAndUpAgain() async throws {
    try await follow(Self.pair) { namespace, follower in
      let before = try await follower.wait(for: "lan0") { $0.canCarry }
      try await namespace.shell("ip link set lan0 down")
      let down = try await follower.wait(for: "lan0") { !$0.flags.contains(.up) }
      #expect(down.canCarry == false)
      try await namespace.shell("ip link set lan0 up")
      let after = try await follower.wait(for: "lan0") { $0.canCarry }
      #expect(after.id == before.id && after.revision == before.revision + 1)
    }
  }

  @Test func carrierLostWhenTheOtherEndGoesDown() async throws {
    try await follow(Self.pair) { namespace, follower in
      let before = try await follower.wait(for: "lan0") { $0.canCarry }
      try await namespace.shell("ip link set far0 down")
      let down = try await follower.wait(for: "lan0") { !$0.canCarry }
      #expect(down.flags.contains(.up) && !down.flags.contains(.lowerUp))
      #expect(
        InterfaceSelection(patterns: [], links: follower.links)
          .verdict(on: down.id)?.reason == .noCarrier)
      try await namespace.shell("ip link set far0 up")
      let after = try await follower.wait(for: "lan0") { $0.canCarry }
      #expect(after.revision == before.revision + 1)
    }
  }

  @Test func aNewHardwareAddressAndANewNameAreReasonsToAnnounce() async throws {
    try await follow(Self.pair) { namespace, follower in
      let before = try await follower.wait(for: "lan0") { $0.canCarry }
      let address = try #require(MACAddress("02:00:00:00:02:02"))
      try await namespace.shell("ip link set lan0 address \(address)")
      let moved = try await follower.wait(for: "lan0") { $0.hardwareAddress == address }
      #expect(moved.id == before.id && moved.revision == before.revision + 1)
      try await namespace.shell("ip link set lan0 name wan0")
      let renamed = try await follower.wait(for: "wan0")
      #expect(renamed.id == before.id && renamed.revision > moved.revision)
      #expect(follower.link("lan0") == nil)
    }
  }

  @Test func recreatedUnderTheSameNameAndIndexIsAnotherLife() async throws {
    try await follow(Self.pair) { namespace, follower in
      let before = try await follower.wait(for: "lan0") { $0.canCarry }
      try await namespace.shell("ip link del lan0; \(Self.pair)")
      let after = try await follower.wait(for: "lan0") { $0.id != before.id && $0.canCarry }
      #expect(after.id.index == 100 && after.id.generation > before.id.generation)
      #expect(after.hardwareAddress == before.hardwareAddress)
    }
  }

  @Test func enslavedToABridgeAndReleasedIsTheSameLife() async throws {
    try await follow(Self.pair + "; ip link add br0 type bridge; ip link set br0 up") {
      namespace, follower in
      let before = try await follower.wait(for: "lan0") { $0.canCarry }
      let bridge = try await follower.wait(for: "br0")
      try await namespace.shell("ip link set lan0 master br0")
      let port = try await follower.wait(for: "lan0") { $0.masterIndex == bridge.id.index }
      #expect(port.id == before.id)
      let all = try [InterfacePattern("lan0"), InterfacePattern("br0")]
      #expect(
        InterfaceSelection(patterns: all, links: follower.links).verdict(on: port.id)?.reason
          == .port(of: "br0", kind: "bridge"))
      try await namespace.shell("ip link set lan0 nomaster; ip link set lan0 alias released")
      let free = try await follower.wait(for: "lan0") { $0.masterIndex == nil && $0.canCarry }
      #expect(free.id == before.id)
      // The bridge's own DELLINK has been read by now: a later change still finds the same life.
      try await namespace.shell("ip addr add 10.9.0.9/24 dev lan0")
      let later = try await follower.wait(for: "lan0") {
        $0.addresses.contains { $0.address == IPAddress("10.9.0.9") }
      }
      #expect(later.id == before.id)
    }
  }

  @Test func flagsAndMacvlanParentsAreFollowed() async throws {
    try await follow(Self.pair) { namespace, follower in
      try await namespace.shell("ip link set lan0 arp off")
      try await follower.wait(for: "lan0") { $0.flags.contains(.noARP) }
      try await namespace.shell(
        "ip link set lan0 arp on; ip link add link lan0 name mv0 type macvlan mode bridge")
      let child = try await follower.wait(for: "mv0")
      #expect(child.kind == "macvlan" && child.parentIndex == 100)
      try await follower.wait(for: "lan0") { !$0.flags.contains(.noARP) }
    }
  }

  @Test func disablingIPv6IsNoticedThroughTheAddressesThatGo() async throws {
    try await follow(Self.pair) { namespace, follower in
      try await follower.wait(for: "lan0") { $0.addresses.contains { $0.address.isIPv6 } }
      try await namespace.shell("echo 1 > /proc/sys/net/ipv6/conf/lan0/disable_ipv6")
      let off = try await follower.wait(for: "lan0") { $0.isIPv6Disabled }
      #expect(off.addresses.isEmpty)
      try await namespace.shell("echo 0 > /proc/sys/net/ipv6/conf/lan0/disable_ipv6")
      try await follower.wait(for: "lan0") { !$0.isIPv6Disabled }
    }
  }

  @Test func anMTUThatEndsIPv6IsNoticed() async throws {
    try await follow(Self.pair) { namespace, follower in
      try await follower.wait(for: "lan0") { !$0.isIPv6Disabled && $0.smallMTU == nil }
      try await namespace.shell("ip link set lan0 mtu 1200")
      try await follower.wait(for: "lan0") { $0.isIPv6Disabled && $0.smallMTU == 1200 }
      try await namespace.shell("ip link set lan0 mtu 1500")
      try await follower.wait(for: "lan0") { !$0.isIPv6Disabled && $0.smallMTU == nil }
    }
  }

  /// One line of `ip -j addr`, and of our table.
  struct Row: Hashable, CustomStringConvertible {
    var index: Int
    var name: String
    var state: String
    var isUp: Bool
    var hardwareAddress: String
    var addresses: Set<String>
    var description: String {
      "\(index) \(name) \(state) \(isUp) \(hardwareAddress) \(addresses.sorted())"
    }

    init(_ link: Link) {
      index = Int(link.id.index)
      name = link.name
      state =
        switch link.operationalState {
        case .unknown: "UNKNOWN"
        case .notPresent: "NOTPRESENT"
        case .down: "DOWN"
        case .lowerLayerDown: "LOWERLAYERDOWN"
        case .testing: "TESTING"
        case .dormant: "DORMANT"
        case .up: "UP"
        }
      isUp = link.flags.contains(.up)
      hardwareAddress = link.hardwareAddress?.description ?? ""
      addresses = Set(link.addresses.map { "\($0.address)/\($0.prefixLength)" })
    }

    init(_ object: [String: Any]) throws {
      index = try #require(object["ifindex"] as? Int)
      name = try #require(object["ifname"] as? String)
      state = try #require(object["operstate"] as? String)
      isUp = try #require(object["flags"] as? [String]).contains("UP")
      hardwareAddress = try #require(object["address"] as? String)
      addresses = Set(
        try #require(object["addr_info"] as? [[String: Any]]).filter { !$0.isEmpty }.map {
          "\(try #require($0["local"] as? String))/\(try #require($0["prefixlen"] as? Int))"
        })
    }
  }

  static func kernelRows(_ namespace: NetworkNamespace) async throws -> Set<Row> {
    let text = try await namespace.shell("ip -j addr")
    let objects = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    return Set(try objects.map { try Row($0) })
  }

  /// Links that come, go, flap, move and are renamed: some 500 events and more, and few survivors.
  static let storm = """
    i=0; while [ $i -lt 60 ]; do
      echo "link add x$i index $((1000 + 2 * i)) type veth peer name y$i index $((1001 + 2 * i))"
      echo "link set x$i up"; echo "link set y$i up"
      echo "link set y$i address 02:00:00:00:03:$(printf %02x $i)"
      echo "addr add 10.20.$i.1/24 dev x$i"
      echo "link set lan0 down"; echo "link set lan0 up"
      if [ $((i % 3)) -eq 0 ]; then echo "link del x$i"; fi
      if [ $((i % 3)) -eq 1 ]; then echo "link set y$i down"; echo "link set y$i name z$i"; fi
      i=$((i + 1))
    done | ip -batch -
    """

  @Test func afterAnOverrunTheTableEqualsTheKernels() async throws {
    try await follow(
      receiveBufferSize: 4096, Self.pair,
      // Before anybody reads: the overrun is certain.
      beforeRun: Self.storm
    ) { namespace, follower in
      #expect(follower.monitor.statistics.overruns > 0)
      // And again while the monitor runs, so that listings themselves are disturbed.
      try await namespace.shell(
        "for i in $(ip -br link | sed -n 's/^\\(x[0-9]*\\)@.*/\\1/p'); do echo link del $i; done "
          + "| ip -batch -")
      try await namespace.shell(Self.storm)
      let newest = Mutex(follower.links)
      let reading = Task { [monitor = follower.monitor] in
        for await links in monitor.links { newest.withLock { $0 = links } }
        newest.withLock { $0 = [] }
      }
      defer { reading.cancel() }
      // Link-local addresses still come up for a second or two: compare until both stand still.
      var kernel = try await Self.kernelRows(namespace)
      while Set(newest.withLock { $0 }.map(Row.init)) != kernel {
        try #require(!newest.withLock { $0.isEmpty }, "timed out: the table never agreed")
        try await Task.sleep(for: .milliseconds(20))
        kernel = try await Self.kernelRows(namespace)
      }
      #expect(kernel.count > 60)
    }
  }

  @Test func aSnapshotFollowsTheEventAtOnce() async throws {
    try await follow(Self.pair) { namespace, follower in
      try await follower.wait(for: "lan0") { $0.canCarry }
      var worst = Duration.zero
      for round in 0..<20 {
        let isUp = round % 2 == 1
        try await namespace.shell("ip link set lan0 \(isUp ? "up" : "down")")
        let done = Instant.now
        try await follower.wait(for: "lan0") { $0.flags.contains(.up) == isUp }
        worst = max(worst, Instant.now - done)
      }
      // Nothing of ours waits; the bound leaves room for a loaded machine.
      #expect(worst < .milliseconds(100))
    }
  }

  @Test func stopEndsTheRunAndTheStream() async throws {
    let namespace = try await NetworkNamespace()
    let monitor = try await namespace.run { try LinkMonitor() }
    monitor.stop()
    try await monitor.run()
    for await _ in monitor.links {}
  }

  @Test func cancellationEndsTheRun() async throws {
    let namespace = try await NetworkNamespace()
    let monitor = try await namespace.run { try LinkMonitor() }
    let running = Task { try await monitor.run() }
    for await _ in monitor.links { break }
    running.cancel()
    try await running.value
  }
}
