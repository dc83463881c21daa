/// The IPv6 and ICMPv6 headers in front of a neighbour discovery message, checked as RFC 4861
/// §7.1 demands of every one of them.
package struct ICMPv6Header: Hashable, Sendable {
  package var source: IPv6Address
  package var destination: IPv6Address
  /// ICMPv6 type: 135 solicitation, 136 advertisement.
  package var type: UInt8
  /// Where the ICMPv6 message begins and ends in the frame: an Ethernet trailer is left out.
  package var message: Range<Int>

  package static let neighborSolicitation: UInt8 = 135
  package static let neighborAdvertisement: UInt8 = 136
  /// The hop limit that proves that no router was between (RFC 4861 §7.1).
  package static let hopLimit: UInt8 = 255
  package static let ipv6HeaderLength = 40

  static let icmpv6: UInt8 = 58
  static let fragment: UInt8 = 44

  /// Reads the headers at `offset`, the checksum included.
  @inline(__always)
  package static func parse(
    _ frame: Span<UInt8>, at offset: Int
  ) throws(Malformation) -> ICMPv6Header {
    guard frame.count >= offset + ipv6HeaderLength else { throw .truncated }
    guard frame[offset] >> 4 == 6 else { throw .ipVersion }
    let nextHeader = frame[offset + 6]
    guard nextHeader != fragment else { throw .fragmented }
    guard nextHeader == icmpv6 else { throw .notICMPv6 }
    let start = offset + ipv6HeaderLength
    let end = start + Int(frame.uint16(at: offset + 4))
    guard frame.count >= end, end - start >= 4 else { throw .truncated }
    let type = frame[start]
    guard type == neighborSolicitation || type == neighborAdvertisement else {
      throw .otherMessage
    }
    guard frame[offset + 7] == hopLimit else { throw .hopLimit }
    guard frame[start + 1] == 0 else { throw .code }
    guard end - start >= 24 else { throw .truncated }
    let header = ICMPv6Header(
      source: frame.ipv6Address(at: offset + 8), destination: frame.ipv6Address(at: offset + 24),
      type: type, message: start..<end)
    var sum = Checksum()
    sum.addPseudoHeader(
      source: header.source, destination: header.destination, length: UInt32(end - start))
    sum.add(frame, in: header.message)
    // Over a message that carries its own checksum the sum comes out as zero.
    guard sum.value == 0 else { throw .checksum }
    return header
  }
}
