import FrameText
import Wire

/// Stations and addresses of the tests.
let client = MACAddress("02:00:00:00:00:01")!
let node = MACAddress("02:00:00:00:00:0a")!
let vip = IPv4Address("10.80.8.150")!
let asker = IPv4Address("10.80.0.1")!
let vip6 = IPv6Address("2001:db8::10")!
let asker6 = IPv6Address("fe80::1")!

/// An ARP frame, padded as on a wire.
func arp(
  _ operation: UInt16, from source: MACAddress = client, to destination: MACAddress = .broadcast,
  sender: (MACAddress, IPv4Address), target: (MACAddress, IPv4Address)
) -> [UInt8] {
  [UInt8](capacity: 60) { output in
    EthernetHeader(destination: destination, source: source, etherType: EthernetHeader.arp)
      .write(into: &output)
    ARPPacket(
      operation: operation, senderHardwareAddress: sender.0, senderProtocolAddress: sender.1,
      targetHardwareAddress: target.0, targetProtocolAddress: target.1
    ).write(into: &output)
    while output.count < 60 { output.append(0 as UInt8) }
  }
}

/// A neighbour solicitation's frame.
func solicitation(
  from source: IPv6Address = asker6, to destination: IPv6Address = vip6.solicitedNodeGroup,
  option: MACAddress? = client, by station: MACAddress = client
) -> [UInt8] {
  [UInt8](capacity: 90) { output in
    EthernetHeader(
      destination: destination.isMulticast ? MACAddress(multicast: destination) : node,
      source: station, etherType: EthernetHeader.ipv6
    ).write(into: &output)
    NeighborSolicitation(target: vip6, sourceLinkLayerAddress: option)
      .write(from: source, to: destination, into: &output)
  }
}

/// A neighbour advertisement's frame, from the address that it tells of unless said otherwise.
func advertisement(
  from source: IPv6Address = vip6, to destination: IPv6Address = asker6, router: Bool = false,
  solicited: Bool = true, overrides: Bool = true, option: MACAddress? = node
) -> [UInt8] {
  [UInt8](capacity: 90) { output in
    EthernetHeader(
      destination: destination.isMulticast ? MACAddress(multicast: destination) : client,
      source: node, etherType: EthernetHeader.ipv6
    ).write(into: &output)
    NeighborAdvertisement(
      isRouter: router, isSolicited: solicited, isOverride: overrides, target: vip6,
      targetLinkLayerAddress: option
    ).write(from: source, to: destination, into: &output)
  }
}

/// 14:03:07.000412 on a day of 2023, in Greenwich.
let moment: Int64 = 1_700_056_987_000_412_345

func seen(
  _ octets: [UInt8], time: Int64 = moment, out: Bool = false, length: Int? = nil
) -> SeenFrame {
  SeenFrame(time: time, interface: "lan0", isOutgoing: out, length: length, octets: octets)
}
