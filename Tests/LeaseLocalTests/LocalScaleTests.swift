import Lease
import LeaseLocal
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

/// Many addresses.
struct LocalScaleTests {
  private let directory = TestDirectory()

  @Test(.timeLimit(.minutes(10)))
  func tenThousandAddressesAreHeldWithinASecondTheFirstOnesEarly() async throws {
    try await directory.withNode("a", limits: LeaseLimits(batch: 256)) { node in
      let addresses = (0..<10_000).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
      try await node.until { if case .open = $0.session { true } else { false } }
      let start = Instant.now
      node.driver.compete(for: Set(addresses))
      let first = try await node.until { !$0.held.isEmpty }
      let early = Instant.now - start
      #expect(first.held.count < 10_000)
      try await node.untilHolding(10_000)
      let all = Instant.now - start
      // A bound that machines under load keep, and quadratic work does not.
      #expect(all < .seconds(10))
      print("10,000 new claims: the first after \(early), all after \(all)")
      let release = Instant.now
      await node.driver.shutDown()
      print("10,000 claims given back in \(Instant.now - release)")
    }
    try await directory.withNode("b", limits: LeaseLimits(batch: 256)) { node in
      let addresses = (0..<10_000).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
      try await node.until { if case .open = $0.session { true } else { false } }
      let start = Instant.now
      node.driver.compete(for: Set(addresses))
      try await node.untilHolding(10_000)
      print("10,000 released claims taken after \(Instant.now - start)")
    }
  }
}
