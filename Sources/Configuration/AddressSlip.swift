internal import Wire

/// A way of writing addresses that other programs take, and that means something here all the same.
struct AddressSlip {
  /// What is wrong with it: "has a leading zero, …".
  let fault: String
  /// What to write instead.
  let meant: String

  /// Nil where nobody can tell what is meant.
  init?(_ text: String) {
    guard let slip = Self.slips.lazy.compactMap({ $0(text) }).first else { return nil }
    self = slip
  }

  private init(_ fault: String, _ meant: String) {
    self.fault = fault
    self.meant = meant
  }

  private static let slips: [@Sendable (String) -> AddressSlip?] = [
    blanks, several, brackets, zone, port, netmask, leadingZeros,
  ]

  /// An address, and a part behind it that begins with the last `separator`.
  private static func split(_ text: String, at separator: Character) -> (IPAddress, Substring)? {
    guard let place = text.lastIndex(of: separator), let address = IPAddress(text[..<place]) else {
      return nil
    }
    return (address, text[text.index(after: place)...])
  }

  private static func blanks(_ text: String) -> AddressSlip? {
    let bare = text.split(whereSeparator: \.isWhitespace)
    guard bare.count == 1, bare[0].utf8.count < text.utf8.count, let address = IPAddress(bare[0])
    else { return nil }
    return AddressSlip("has a blank beside the address", "\(address)")
  }

  private static func several(_ text: String) -> AddressSlip? {
    let parts = text.split { $0.isWhitespace || $0 == "," || $0 == ";" }
    let addresses = parts.compactMap { IPAddress($0) }
    guard addresses.count > 1, addresses.count == parts.count else { return nil }
    let list = addresses.map { $0.isIPv6 ? "\"\($0)\"" : "\($0)" }
    return AddressSlip(
      "is \(addresses.count) addresses in one text", "[\(list.joined(separator: ", "))]")
  }

  private static func brackets(_ text: String) -> AddressSlip? {
    guard text.first == "[", text.last == "]" || text.contains("]:"),
      let end = text.firstIndex(of: "]"),
      let address = IPAddress(text[text.index(after: text.startIndex)..<end])
    else { return nil }
    return AddressSlip("is written as in a URL", "\(address)")
  }

  private static func zone(_ text: String) -> AddressSlip? {
    guard let (address, _) = split(text, at: "%") else { return nil }
    return AddressSlip("names an interface, for which there is the key `interfaces`", "\(address)")
  }

  private static func port(_ text: String) -> AddressSlip? {
    guard let (address, port) = split(text, at: ":"), !address.isIPv6, UInt16(port) != nil else {
      return nil
    }
    return AddressSlip("has a port, and an address is announced for all of them", "\(address)")
  }

  private static func netmask(_ text: String) -> AddressSlip? {
    guard let (address, mask) = split(text, at: "/"), !address.isIPv6,
      case .v4(let bits)? = IPAddress(mask)
    else { return nil }
    let length = (~bits.rawValue).leadingZeroBitCount
    guard bits.rawValue == (length == 0 ? 0 : ~UInt32(0) << UInt32(32 - length)),
      let range = IPRange(address, prefixLength: length)
    else { return nil }
    let meant = range.lower == address ? "\(address)/\(length)" : "\(address)"
    return AddressSlip("has a netmask", meant)
  }

  private static func leadingZeros(_ text: String) -> AddressSlip? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isDecimal = parts.allSatisfy { part in
      (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    guard parts.count == 4, isDecimal,
      let address = IPAddress(parts.map { "\(Int($0) ?? 256)" }.joined(separator: "."))
    else { return nil }
    return AddressSlip("has a leading zero, which some programs take for octal", "\(address)")
  }
}
