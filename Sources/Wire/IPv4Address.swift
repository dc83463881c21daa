/// An IPv4 address (RFC 791).
package struct IPv4Address: Hashable, Comparable, Sendable {
  /// The address as a number: 10.0.0.1 is 0x0a000001.
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    self.init(rawValue: UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
  }

  package static let any = IPv4Address(rawValue: 0)
  package static let broadcast = IPv4Address(rawValue: .max)

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// 224.0.0.0/4 (RFC 5771).
  package var isMulticast: Bool { rawValue >> 28 == 0xe }
  /// 127.0.0.0/8 (RFC 1122 §3.2.1.3).
  package var isLoopback: Bool { rawValue >> 24 == 127 }
  /// 169.254.0.0/16 (RFC 3927).
  package var isLinkLocal: Bool { rawValue >> 16 == 0xa9fe }
  /// 0.0.0.0/8, "this network" (RFC 1122 §3.2.1.3): never a host that others can reach.
  package var isThisNetwork: Bool { rawValue >> 24 == 0 }

  /// Reads dotted decimal: four numbers 0–255 without leading zeros (which some read as octal).
  package init?(_ text: some StringProtocol) {
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, dots < 3 else { return nil }
        value = value << 8 | octet
        octet = 0
        digits = 0
        dots += 1
      } else {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        if digits > 0 && octet == 0 { return nil }
        octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
        digits += 1
        guard octet <= 255 else { return nil }
      }
    }
    guard digits > 0, dots == 3 else { return nil }
    self.init(rawValue: value << 8 | octet)
  }
}

extension IPv4Address: CustomStringConvertible {
  package var description: String {
    "\(rawValue >> 24).\(rawValue >> 16 & 0xff).\(rawValue >> 8 & 0xff).\(rawValue & 0xff)"
  }
}
