package import Wire

/// A frame as a capture saw it, read independently of the program's own codecs: what a test
/// asserts must not come from the code that it checks.
package struct CapturedFrame: Sendable {
  /// Nanoseconds of the time of day since 1970, by the kernel's receive or send timestamp.
  package let wallClock: Int64
  /// The frame from the destination address on, as it was on the wire, without its checksum.
  package let octets: [UInt8]

  package init(wallClock: Int64, octets: [UInt8]) {
    self.wallClock = wallClock
    self.octets = octets
  }

  package var destination: MACAddress { mac(at: 0) }
  package var source: MACAddress { mac(at: 6) }
  package var etherType: Int { octets.count >= 14 ? number(at: 12, 2) : 0 }

  /// ARP for IPv4 over Ethernet (RFC 826); nil for every other frame.
  package var arp: ARP? {
    guard etherType == 0x0806, octets.count >= 42, number(at: 14, 6) == 0x0001_0800_0604 else {
      return nil
    }
    return ARP(
      operation: number(at: 20, 2),
      senderHardware: mac(at: 22), sender: IPv4Address(rawValue: UInt32(number(at: 28, 4))),
      targetHardware: mac(at: 32), target: IPv4Address(rawValue: UInt32(number(at: 38, 4))))
  }

  /// A neighbour solicitation or advertisement (RFC 4861 §4.3, §4.4); nil for every other frame.
  package var neighbourDiscovery: NeighbourDiscovery? {
    guard etherType == 0x86dd, octets.count >= 78, octets[20] == 58,
      octets[54] == 135 || octets[54] == 136
    else { return nil }
    let end = min(octets.count, 54 + number(at: 18, 2))
    var option: MACAddress?
    var position = 78
    while position + 8 <= end, octets[position + 1] != 0 {
      let kind = octets[54] == 135 ? 1 : 2
      if octets[position] == kind { option = mac(at: position + 2) }
      position += 8 * Int(octets[position + 1])
    }
    return NeighbourDiscovery(
      type: Int(octets[54]), hopLimit: Int(octets[21]), source: ipv6(at: 22),
      destination: ipv6(at: 38), target: ipv6(at: 62), flags: octets[58],
      linkLayerOption: option)
  }

  /// Whether the frame asserts that its sender has `address`: an ARP reply or gratuitous request
  /// for it, or an advertisement of it.
  package func asserts(_ address: IPAddress) -> Bool {
    switch address {
    case .v4(let address):
      guard let arp, arp.sender == address else { return false }
      return arp.operation == 2 || arp.target == address
    case .v6(let address):
      return neighbourDiscovery.map { $0.type == 136 && $0.target == address } ?? false
    }
  }

  package struct ARP: Hashable, Sendable {
    package let operation: Int
    package let senderHardware: MACAddress
    package let sender: IPv4Address
    package let targetHardware: MACAddress
    package let target: IPv4Address

    package init(
      operation: Int, senderHardware: MACAddress, sender: IPv4Address,
      targetHardware: MACAddress, target: IPv4Address
    ) {
      self.operation = operation
      self.senderHardware = senderHardware
      self.sender = sender
      self.targetHardware = targetHardware
      self.target = target
    }
  }

  package struct NeighbourDiscovery: Hashable, Sendable {
    /// 135 for a solicitation, 136 for an advertisement.
    package let type: Int
    package let hopLimit: Int
    package let source: IPv6Address
    package let destination: IPv6Address
    package let target: IPv6Address
    /// R, S and O in the three highest bits; an advertisement's only.
    package let flags: UInt8
    package let linkLayerOption: MACAddress?

    package init(
      type: Int, hopLimit: Int, source: IPv6Address, destination: IPv6Address,
      target: IPv6Address, flags: UInt8, linkLayerOption: MACAddress?
    ) {
      self.type = type
      self.hopLimit = hopLimit
      self.source = source
      self.destination = destination
      self.target = target
      self.flags = flags
      self.linkLayerOption = linkLayerOption
    }

    package var isRouter: Bool { flags & 0x80 != 0 }
    package var isSolicited: Bool { flags & 0x40 != 0 }
    package var overrides: Bool { flags & 0x20 != 0 }
  }

  private func number(at offset: Int, _ count: Int) -> Int {
    octets[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private func mac(at offset: Int) -> MACAddress {
    guard octets.count >= offset + 6 else { return .zero }
    return MACAddress(rawValue: UInt64(number(at: offset, 6)))
  }

  private func ipv6(at offset: Int) -> IPv6Address {
    IPv6Address(rawValue: octets[offset..<offset + 16].reduce(0) { $0 << 8 | UInt128($1) })
  }
}
