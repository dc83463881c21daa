import LANTestKit
import Wire

/// What the scenarios read out of a capture.
extension CapturedFrame {
  /// Whether it is a datagram (UDP) to `address`.
  func isDatagram(to address: IPAddress) -> Bool {
    switch address {
    case .v4(let address):
      etherType == 0x0800 && octets.count >= 34 && octets[23] == 17
        && octets[30..<34].elementsEqual(bigEndian(Int(address.rawValue), 4))
    case .v6(let address):
      etherType == 0x86dd && octets.count >= 54 && octets[20] == 17
        && octets[38..<54].reduce(UInt128(0)) { $0 << 8 | UInt128($1) } == address.rawValue
    }
  }

  /// Whether it asks who has `address`: an ARP request, or a solicitation.
  func asks(for address: IPAddress) -> Bool {
    switch address {
    case .v4(let address):
      arp.map { $0.operation == 1 && $0.target == address && $0.sender != address } ?? false
    case .v6(let address):
      neighbourDiscovery.map { $0.type == 135 && $0.target == address } ?? false
    }
  }

  /// Whether it announces `address` unasked: gratuitous ARP, or an unsolicited advertisement.
  func announces(_ address: IPAddress) -> Bool {
    switch address {
    case .v4(let address):
      arp.map { $0.sender == address && $0.target == address } ?? false
    case .v6(let address):
      neighbourDiscovery.map {
        $0.type == 136 && $0.target == address && $0.destination == IPv6Address("ff02::1")
          && !$0.isSolicited
      } ?? false
    }
  }

  /// Whether it answers somebody who asked for `address`.
  func answers(for address: IPAddress) -> Bool {
    asserts(address) && !announces(address)
  }

  /// Whether the frame went to a group or to everybody.
  var isToMany: Bool { destination.rawValue >> 40 & 1 == 1 }
}

/// From one frame to a later one.
func - (later: CapturedFrame, earlier: CapturedFrame) -> Duration {
  .nanoseconds(later.wallClock - earlier.wallClock)
}
