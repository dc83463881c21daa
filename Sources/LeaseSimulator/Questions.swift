internal import Wire

/// What clients ask: one broadcast ARP request for each address, in octets, made once.
struct Questions {
  let frames: [[UInt8]]

  init(_ addresses: [IPAddress]) {
    frames = addresses.map { address in
      guard case .v4(let target) = address else { return [] }
      let asker = MACAddress(rawValue: 0x0200_0000_ff01)
      var frame: [UInt8] = Array(repeating: 0xff, count: 6)
      frame += Self.octets(asker.rawValue, 6)
      frame += Self.octets(UInt64(EthernetHeader.arp), 2)
      frame += Self.octets(0x0001_0800_0604_0001, 8)
      frame += Self.octets(asker.rawValue, 6)
      frame += Self.octets(UInt64(IPv4Address(10, 255, 0, 1).rawValue), 4)
      frame += Self.octets(0, 6)
      frame += Self.octets(UInt64(target.rawValue), 4)
      frame += Array(repeating: 0, count: EthernetHeader.minimumFrameLength - frame.count)
      return frame
    }
  }

  private static func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64(count - 1 - $0))) }
  }
}
