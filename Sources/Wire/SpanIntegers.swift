/// Numbers in network byte order, read from and written to octets.
///
/// Reading past the end traps, as every `Span` access does: callers check the length first.
extension Span<UInt8> {
  @inline(__always)
  package func uint16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  @inline(__always)
  package func uint32(at offset: Int) -> UInt32 {
    UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
  }

  @inline(__always)
  package func uint64(at offset: Int) -> UInt64 {
    UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
  }

  @inline(__always)
  package func macAddress(at offset: Int) -> MACAddress {
    MACAddress(rawValue: UInt64(uint32(at: offset)) << 16 | UInt64(uint16(at: offset + 4)))
  }

  @inline(__always)
  package func ipv4Address(at offset: Int) -> IPv4Address {
    IPv4Address(rawValue: uint32(at: offset))
  }

  @inline(__always)
  package func ipv6Address(at offset: Int) -> IPv6Address {
    IPv6Address(
      rawValue: UInt128(uint64(at: offset)) << 64 | UInt128(uint64(at: offset + 8)))
  }
}

extension OutputSpan<UInt8> {
  @inline(__always)
  package mutating func append(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  @inline(__always)
  package mutating func append(_ value: UInt32) {
    append(UInt16(truncatingIfNeeded: value >> 16))
    append(UInt16(truncatingIfNeeded: value))
  }

  @inline(__always)
  package mutating func append(_ address: MACAddress) {
    append(UInt16(truncatingIfNeeded: address.rawValue >> 32))
    append(UInt32(truncatingIfNeeded: address.rawValue))
  }

  @inline(__always)
  package mutating func append(_ address: IPv4Address) {
    append(address.rawValue)
  }

  @inline(__always)
  package mutating func append(_ address: IPv6Address) {
    append(UInt32(truncatingIfNeeded: address.rawValue >> 96))
    append(UInt32(truncatingIfNeeded: address.rawValue >> 64))
    append(UInt32(truncatingIfNeeded: address.rawValue >> 32))
    append(UInt32(truncatingIfNeeded: address.rawValue))
  }
}
