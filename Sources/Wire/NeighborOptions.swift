/// The options of a neighbour discovery message that matter here (RFC 4861 §4.6).
struct NeighborOptions: Hashable, Sendable {
  var sourceLinkLayerAddress: MACAddress?
  var targetLinkLayerAddress: MACAddress?

  private static let source: UInt8 = 1
  private static let target: UInt8 = 2

  /// Walks the options in `range`. Unknown ones are passed over, as RFC 4861 §4.6 asks; one of
  /// length zero or beyond the end makes the whole message void. The first of a kind counts.
  @inline(__always)
  static func parse(
    _ frame: Span<UInt8>, in range: Range<Int>
  ) throws(Malformation) -> NeighborOptions {
    var options = NeighborOptions()
    var offset = range.lowerBound
    while offset < range.upperBound {
      guard offset + 2 <= range.upperBound else { throw .option }
      let kind = frame[offset]
      // In units of 8 octets.
      let length = Int(frame[offset + 1]) * 8
      guard length > 0, offset + length <= range.upperBound else { throw .option }
      if kind == source || kind == target {
        // Ethernet's six octets fill exactly one unit (RFC 2464 §6).
        guard length == 8 else { throw .linkLayerOption }
        let address = frame.macAddress(at: offset + 2)
        if kind == source, options.sourceLinkLayerAddress == nil {
          options.sourceLinkLayerAddress = address
        } else if kind == target, options.targetLinkLayerAddress == nil {
          options.targetLinkLayerAddress = address
        }
      }
      offset += length
    }
    return options
  }
}
