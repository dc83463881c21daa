/// A neighbour solicitation (RFC 4861 §4.3): "who has `target`?"
package struct NeighborSolicitation: Hashable, Sendable {
  package var target: IPv6Address
  /// The source link-layer address option; nil where there is none.
  package var sourceLinkLayerAddress: MACAddress?

  package init(target: IPv6Address, sourceLinkLayerAddress: MACAddress?) {
    self.target = target
    self.sourceLinkLayerAddress = sourceLinkLayerAddress
  }

  /// Reads and checks the message behind `header` (RFC 4861 §7.1.1).
  @inline(__always)
  package static func parse(
    _ frame: Span<UInt8>, _ header: ICMPv6Header
  ) throws(Malformation) -> NeighborSolicitation {
    let target = frame.ipv6Address(at: header.message.lowerBound + 8)
    guard !target.isMulticast else { throw .multicastTarget }
    let options = try NeighborOptions.parse(
      frame, in: header.message.lowerBound + 24..<header.message.upperBound)
    if header.source == .any {
      guard header.destination.isSolicitedNodeGroup, options.sourceLinkLayerAddress == nil else {
        throw .unspecifiedSource
      }
    }
    return NeighborSolicitation(
      target: target, sourceLinkLayerAddress: options.sourceLinkLayerAddress)
  }

  /// Writes the whole packet from the IPv6 header on: 64 octets, or 72 with the option.
  package func write(
    from source: IPv6Address, to destination: IPv6Address, into output: inout OutputSpan<UInt8>
  ) {
    NeighborMessage(
      type: ICMPv6Header.neighborSolicitation, flags: 0, target: target, optionType: 1,
      linkLayerAddress: sourceLinkLayerAddress
    ).write(from: source, to: destination, into: &output)
  }
}
