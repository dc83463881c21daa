/// A neighbour advertisement (RFC 4861 §4.4): "`target` is at `targetLinkLayerAddress`".
package struct NeighborAdvertisement: Hashable, Sendable {
  package var isRouter: Bool
  package var isSolicited: Bool
  package var isOverride: Bool
  package var target: IPv6Address
  /// The target link-layer address option; nil where there is none.
  package var targetLinkLayerAddress: MACAddress?

  package init(
    isRouter: Bool = false, isSolicited: Bool, isOverride: Bool, target: IPv6Address,
    targetLinkLayerAddress: MACAddress?
  ) {
    self.isRouter = isRouter
    self.isSolicited = isSolicited
    self.isOverride = isOverride
    self.target = target
    self.targetLinkLayerAddress = targetLinkLayerAddress
  }

  /// Reads and checks the message behind `header` (RFC 4861 §7.1.2).
  @inline(__always)
  package static func parse(
    _ frame: Span<UInt8>, _ header: ICMPv6Header
  ) throws(Malformation) -> NeighborAdvertisement {
    let start = header.message.lowerBound
    let flags = frame[start + 4]
    let target = frame.ipv6Address(at: start + 8)
    guard !target.isMulticast else { throw .multicastTarget }
    let isSolicited = flags & 0x40 != 0
    guard !(isSolicited && header.destination.isMulticast) else { throw .solicitedMulticast }
    let options = try NeighborOptions.parse(frame, in: start + 24..<header.message.upperBound)
    return NeighborAdvertisement(
      isRouter: flags & 0x80 != 0, isSolicited: isSolicited, isOverride: flags & 0x20 != 0,
      target: target, targetLinkLayerAddress: options.targetLinkLayerAddress)
  }

  /// Writes the whole packet from the IPv6 header on: 64 octets, or 72 with the option.
  @inline(__always)
  package func write(
    from source: IPv6Address, to destination: IPv6Address, into output: inout OutputSpan<UInt8>
  ) {
    let flags: UInt8 = (isRouter ? 0x80 : 0) | (isSolicited ? 0x40 : 0) | (isOverride ? 0x20 : 0)
    NeighborMessage(
      type: ICMPv6Header.neighborAdvertisement, flags: flags, target: target, optionType: 2,
      linkLayerAddress: targetLinkLayerAddress
    ).write(from: source, to: destination, into: &output)
  }
}
