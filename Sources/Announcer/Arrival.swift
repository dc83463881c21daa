package import Time

/// Where and when a frame came in, as the kernel tells it beside the frame.
package struct Arrival: Hashable, Sendable {
  /// `sll_ifindex`: the link it came in on.
  package var interfaceIndex: Int32
  /// `sll_pkttype`: whom it was addressed to.
  package var packetType: PacketType
  /// When the kernel received it, on the boot clock.
  package var receivedAt: Instant

  package init(interfaceIndex: Int32, packetType: PacketType, receivedAt: Instant) {
    self.interfaceIndex = interfaceIndex
    self.packetType = packetType
    self.receivedAt = receivedAt
  }

  /// PACKET_* of `linux/if_packet.h`.
  package enum PacketType: UInt8, Hashable, Sendable {
    case host, broadcast, multicast, otherHost, outgoing
  }
}
