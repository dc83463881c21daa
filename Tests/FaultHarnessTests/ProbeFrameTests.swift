import LANTestKit
import Testing
import Wire

@testable import FaultHarness

struct ProbeFrameTests {
  private let mac = MACAddress("02:00:00:00:00:01")!

  private func frame(_ octets: [UInt8]) -> CapturedFrame {
    CapturedFrame(wallClock: 0, octets: octets)
  }

  @Test func anARPRequestAssertsNothing() throws {
    let address = try #require(IPAddress("10.80.8.150"))
    let asked = frame(ProbeFrame.question(from: mac, for: address))
    #expect(asked.arp?.operation == 1)
    #expect(asked.arp.map { IPAddress.v4($0.target) } == address)
    #expect(!asked.asserts(address))
    #expect(asked.octets.count == 60)
  }

  /// The program checks the checksum, so that this has to be right.
  @Test func aSolicitationHasTheRightChecksum() throws {
    let address = try #require(IPAddress("2001:db8::10"))
    let asked = frame(ProbeFrame.question(from: mac, for: address))
    let message = try #require(asked.neighbourDiscovery)
    #expect(message.type == 135)
    #expect(.v6(message.target) == address)
    #expect(message.destination == IPv6Address("ff02::1:ff00:10"))
    #expect(message.linkLayerOption == mac)
    var sum = UInt32(32 + 58)
    for index in stride(from: 22, to: asked.octets.count, by: 2) {
      sum += UInt32(asked.octets[index]) << 8 | UInt32(asked.octets[index + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    #expect(sum == 0xffff)
  }

  @Test func aForeignClaimAsserts() throws {
    let address = try #require(IPv4Address("10.80.8.150"))
    #expect(frame(ProbeFrame.claim(of: address, by: mac)).asserts(.v4(address)))
  }
}
