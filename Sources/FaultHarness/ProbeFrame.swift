internal import Wire

/// Questions for an address, written out by hand: what checks the program must not be made by it.
enum ProbeFrame {
  /// An ARP request (RFC 826), or a neighbour solicitation to the address's group (RFC 4861 §4.3).
  static func question(from sender: MACAddress, for address: IPAddress) -> [UInt8] {
    switch address {
    case .v4(let target): arp(from: sender, target)
    case .v6(let target): solicitation(from: sender, target)
    }
  }

  /// Gratuitous ARP (RFC 5227 §3): a request whose sender and target are the same address.
  static func claim(of address: IPv4Address, by sender: MACAddress) -> [UInt8] {
    let asserted = octets(UInt128(address.rawValue), 4)
    return ethernet(.broadcast, sender, 0x0806) + [0, 1, 8, 0, 6, 4, 0, 1]
      + octets(UInt128(sender.rawValue), 6) + asserted + [0, 0, 0, 0, 0, 0] + asserted
      + [UInt8](repeating: 0, count: 18)
  }

  private static func arp(from sender: MACAddress, _ target: IPv4Address) -> [UInt8] {
    ethernet(.broadcast, sender, 0x0806) + [0, 1, 8, 0, 6, 4, 0, 1]
      + octets(UInt128(sender.rawValue), 6) + [10, 80, 0, 99] + [0, 0, 0, 0, 0, 0]
      + octets(UInt128(target.rawValue), 4) + [UInt8](repeating: 0, count: 18)
  }

  private static func solicitation(from sender: MACAddress, _ target: IPv6Address) -> [UInt8] {
    let group = IPv6Address(
      rawValue: 0xff02_0000_0000_0000_0000_0001_ff00_0000 | target.rawValue & 0xff_ffff)
    let addresses =
      octets(0xfe80_0000_0000_0000_0000_0000_0000_0099, 16) + octets(group.rawValue, 16)
    var message: [UInt8] =
      [135, 0, 0, 0, 0, 0, 0, 0] + octets(target.rawValue, 16) + [1, 1]
      + octets(UInt128(sender.rawValue), 6)
    // RFC 8200 §8.1: over the addresses, the length, the protocol's number and the message.
    var sum: UInt32 = 0
    let summed = addresses + [0, 0, 0, 32, 0, 0, 0, 58] + message
    for index in stride(from: 0, to: summed.count, by: 2) {
      sum += UInt32(summed[index]) << 8 | UInt32(summed[index + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    message[2] = UInt8(truncatingIfNeeded: ~sum >> 8)
    message[3] = UInt8(truncatingIfNeeded: ~sum)
    return ethernet(MACAddress(multicast: group), sender, 0x86dd)
      + [0x60, 0, 0, 0, 0, 32, 58, 255] + addresses + message
  }

  private static func ethernet(
    _ destination: MACAddress, _ source: MACAddress, _ type: UInt16
  ) -> [UInt8] {
    octets(UInt128(destination.rawValue), 6) + octets(UInt128(source.rawValue), 6)
      + [UInt8(type >> 8), UInt8(type & 0xff)]
  }

  private static func octets(_ value: UInt128, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt128(8 * (count - 1 - $0))) }
  }
}
