/// Builds netlink messages octet by octet, independent of libmnl, so that tests can spoil them.
enum MessageBytes {
  static func octets(_ value: some FixedWidthInteger) -> [UInt8] {
    var value = value.littleEndian
    return (0..<value.bitWidth / 8).map { _ in
      defer { value >>= 8 }
      return UInt8(truncatingIfNeeded: value)
    }
  }

  static func padded(_ octets: [UInt8]) -> [UInt8] {
    octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
  }

  static func attribute(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
    padded(octets(UInt16(4 + payload.count)) + octets(UInt16(type)) + payload)
  }

  static func attribute(_ type: Int, _ text: String) -> [UInt8] {
    attribute(type, Array(text.utf8) + [0])
  }

  static func message(
    type: Int, flags: UInt16 = 0, sequence: UInt32 = 0, _ payload: [UInt8]
  ) -> [UInt8] {
    padded(
      octets(UInt32(16 + payload.count)) + octets(UInt16(type)) + octets(flags)
        + octets(sequence) + octets(UInt32(0)) + payload)
  }

  /// `struct ifinfomsg`.
  static func linkHeader(
    family: UInt8 = 0, type: UInt16 = 1, index: Int32, flags: UInt32 = 0x11043
  ) -> [UInt8] {
    [family, 0] + octets(type) + octets(index) + octets(flags) + octets(UInt32(0))
  }

  /// `struct ifaddrmsg`.
  static func addressHeader(
    family: UInt8, prefixLength: UInt8, flags: UInt8 = 0, index: Int32
  ) -> [UInt8] {
    [family, prefixLength, flags, 0] + octets(index)
  }
}
