import CLinux
import FoundationEssentials
import Glibc
import LANTestKit
import LinuxSystem
import Synchronization
import Testing
import Wire

/// Somebody makes up stations that assert what the daemon announces, as fast as the machine sends.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ConflictStormTests {
  @Test(arguments: [1, 200])
  func aStormFillsNeitherTheLogNorTheMemory(count: Int) async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(addresses: ["10.80.8.1-10.80.8.\(count)"]))
      try await node.waitFor("announcing", "10.80.8.\(count)")
      _ = try await node.status()
      let lines = node.log.split(separator: "\n").count
      let before = try residentOctets(node)
      let start = ContinuousClock.now
      let storm = try await Storm(on: lan["client"], addresses: count)
      try await eventually(within: .seconds(120)) {
        let heard = try await node.status().ignored["conflict"] ?? 0
        return heard >= 200_000
      }
      storm.stop()
      // The last one heard, not the first that had room, is the one that is shown.
      let last = storm.last
      try await eventually(within: .seconds(30), "the last claimant is not shown: \(last)") {
        // The kernel may have had no room for it while the daemon was busy.
        storm.sendLastAgain()
        return try await node.status().addresses.contains {
          $0.conflict?.hardwareAddress == "\(last)"
        }
      }
      let said = node.log.split(separator: "\n").dropFirst(lines)
      // A minute's own lines, sums of the minutes that are over, and the warning about the lease.
      let minutes = 1 + Int((ContinuousClock.now - start) / .seconds(60))
      #expect(
        said.count <= 20 * minutes && said.contains { $0.contains("conflict") },
        "\(said.count) lines")
      #expect(!node.log.contains("defended"), "nobody knows yet whether it leaves")
      let grown = try residentOctets(node) - before
      print("measured: \(grown / 1024) KiB more after a storm over \(count) addresses")
      #expect(grown < 2_000_000)
      node.process.signal(SIGTERM)
      #expect(try await node.process.wait() == .exited(0))
    }
  }

  /// `VmRSS` of proc_pid_status(5).
  private func residentOctets(_ node: Node) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(node.process.pid)/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return (Int(line.split { " \t".contains($0) }[1]) ?? 0) * 1024
  }
}

/// Gratuitous answers (RFC 826), each of another station.
private final class Storm: Sendable {
  private let isStopping = Atomic<Bool>(false)
  private let sent = Atomic<UInt64>(0)
  private let hasEnded = Atomic<Bool>(false)
  private let socket: PacketSender
  private let addresses: Int

  init(on host: Host, addresses: Int) async throws {
    let link = host.link
    self.addresses = addresses
    socket = try await host.inNamespace { try PacketSender(link: link) }
    startThread(named: "storm") { [self] in
      var number: UInt64 = 0
      while !isStopping.load(ordering: .relaxed) {
        number += 1
        send(number)
        sent.store(number, ordering: .relaxed)
        // Some 20,000 a second.
        if number.isMultiple(of: 20) { usleep(1000) }
      }
      hasEnded.store(true, ordering: .releasing)
    }
  }

  deinit { isStopping.store(true, ordering: .relaxed) }

  func stop() {
    isStopping.store(true, ordering: .relaxed)
    while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
  }

  func sendLastAgain() { send(sent.load(ordering: .relaxed)) }

  private func send(_ number: UInt64) {
    let address = IPv4Address(rawValue: 0x0a50_0801 + UInt32(number % UInt64(addresses)))
    socket.send(Self.claim(of: address, by: Self.station(number)))
  }

  /// Who was sent last.
  var last: MACAddress { Self.station(sent.load(ordering: .relaxed)) }

  private static func station(_ number: UInt64) -> MACAddress {
    MACAddress(rawValue: 0x0266_0000_0000 | number)
  }

  private static func claim(of address: IPv4Address, by station: MACAddress) -> [UInt8] {
    func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
    let (mac, ip) = (octets(station.rawValue, 6), octets(UInt64(address.rawValue), 4))
    return octets(0xffff_ffff_ffff, 6) + mac + [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 2]
      + mac + ip + mac + ip + [UInt8](repeating: 0, count: 18)
  }
}
