/// A 48-bit IEEE 802 hardware address.
package struct MACAddress: Hashable, Sendable {
  /// The six octets as one number, the first octet on the wire the most significant; bits 48–63
  /// are zero.
  package let rawValue: UInt64

  /// Keeps the low 48 bits of `rawValue`.
  package init(rawValue: UInt64) {
    self.rawValue = rawValue & 0xffff_ffff_ffff
  }

  package static let zero = MACAddress(rawValue: 0)
  package static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)

  /// The group bit (IEEE 802 §8.2): multicast or broadcast. No station owns such an address.
  package var isGroup: Bool { rawValue & 0x0100_0000_0000 != 0 }

  /// Whether a single station can have this address: neither zero nor a group.
  package var isStation: Bool { rawValue != 0 && !isGroup }

  /// The Ethernet group 33:33:xx:xx:xx:xx that carries an IPv6 multicast group (RFC 2464 §7).
  package init(multicast group: IPv6Address) {
    self.init(rawValue: 0x3333_0000_0000 | UInt64(truncatingIfNeeded: group.rawValue) & 0xffff_ffff)
  }

  /// Reads `02:00:5e:10:00:01` or `02-00-5e-10-00-01`, in either case; nil for anything else.
  package init?(_ text: some StringProtocol) {
    var value: UInt64 = 0
    var groups = 0
    var digits = 0
    var separator: UInt8?
    for byte in text.utf8 {
      if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") {
        guard digits == 2, separator == nil || separator == byte else { return nil }
        separator = byte
        groups += 1
        digits = 0
      } else {
        guard let digit = hexadecimalValue(byte), digits < 2 else { return nil }
        value = value << 4 | UInt64(digit)
        digits += 1
      }
    }
    guard groups == 5, digits == 2 else { return nil }
    self.init(rawValue: value)
  }
}

extension MACAddress: CustomStringConvertible {
  package var description: String {
    (0..<6).map { position in
      let octet = UInt8(truncatingIfNeeded: rawValue >> (40 - 8 * UInt64(position)))
      let text = String(octet, radix: 16)
      return octet < 16 ? "0\(text)" : text
    }.joined(separator: ":")
  }
}

/// The value of an ASCII hexadecimal digit, or nil.
@inline(__always)
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
