/// The Internet checksum (RFC 1071) with the pseudo-header of IPv6 (RFC 8200 §8.1).
package struct Checksum: Sendable {
  private var sum: UInt64 = 0

  package init() {}

  /// The one's complement of the one's complement sum, as it goes into the checksum field.
  @inline(__always)
  package var value: UInt16 {
    var folded = sum
    folded = (folded & 0xffff_ffff) + folded >> 32
    folded = (folded & 0xffff) + folded >> 16
    folded = (folded & 0xffff) + folded >> 16
    folded = (folded & 0xffff) + folded >> 16
    return ~UInt16(truncatingIfNeeded: folded)
  }

  @inline(__always)
  package mutating func add(_ word: UInt32) { sum += UInt64(word) }

  @inline(__always)
  package mutating func add(_ address: IPv6Address) {
    add(UInt32(truncatingIfNeeded: address.rawValue >> 96))
    add(UInt32(truncatingIfNeeded: address.rawValue >> 64))
    add(UInt32(truncatingIfNeeded: address.rawValue >> 32))
    add(UInt32(truncatingIfNeeded: address.rawValue))
  }

  /// - Parameter length: octets of the ICMPv6 message, its header included.
  @inline(__always)
  package mutating func addPseudoHeader(
    source: IPv6Address, destination: IPv6Address, length: UInt32
  ) {
    add(source)
    add(destination)
    add(length)
    add(UInt32(ICMPv6Header.icmpv6))
  }

  /// Adds the octets of `range`; an odd last one counts as the high half of a word.
  @inline(__always)
  package mutating func add(_ bytes: Span<UInt8>, in range: Range<Int>) {
    var offset = range.lowerBound
    while offset + 4 <= range.upperBound {
      add(bytes.uint32(at: offset))
      offset += 4
    }
    if offset + 2 <= range.upperBound {
      add(UInt32(bytes.uint16(at: offset)))
      offset += 2
    }
    if offset < range.upperBound { add(UInt32(bytes[offset]) << 8) }
  }
}
