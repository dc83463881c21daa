package import Wire

/// What a file in the directory is about, by its name.
package enum LeaseFileName: Hashable {
  /// `<node>.session`
  case session(node: String)
  /// `<address>.claim`, the address in its canonical form.
  case claim(IPAddress)
  /// `<address>.preference`, likewise.
  case preference(IPAddress)

  private static let sessionSuffix = ".session"
  private static let claimSuffix = ".claim"
  private static let preferenceSuffix = ".preference"

  /// Nil for a file that is none of ours: it is left alone.
  package init?(_ name: String) {
    if name.hasSuffix(Self.claimSuffix) {
      guard let address = Self.address(name.dropLast(Self.claimSuffix.count)) else { return nil }
      self = .claim(address)
    } else if name.hasSuffix(Self.preferenceSuffix) {
      guard let address = Self.address(name.dropLast(Self.preferenceSuffix.count)) else {
        return nil
      }
      self = .preference(address)
    } else if name.hasSuffix(Self.sessionSuffix) {
      guard let node = Self.unescape(name.dropLast(Self.sessionSuffix.count)) else { return nil }
      self = .session(node: node)
      guard text == name else { return nil }
    } else {
      return nil
    }
  }

  /// Only the canonical form: two names for one address would be two locks.
  private static func address(_ stem: Substring) -> IPAddress? {
    guard let address = IPAddress(stem), address.description == stem else { return nil }
    return address
  }

  package static func claim(of address: IPAddress) -> String { "\(address)\(claimSuffix)" }
  package static func preference(for address: IPAddress) -> String {
    "\(address)\(preferenceSuffix)"
  }
  package static func session(of node: String) -> String { "\(escape(node))\(sessionSuffix)" }

  package var text: String {
    switch self {
    case .session(let node): Self.session(of: node)
    case .claim(let address): Self.claim(of: address)
    case .preference(let address): Self.preference(for: address)
    }
  }

  /// Letters, digits, `-`, `_` and inner dots stay; every other octet becomes `%xx`, so that no node
  /// name can leave the directory.
  private static func escape(_ node: String) -> String {
    var text = ""
    for (index, byte) in node.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where index > 0: text += "."
      default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
      }
    }
    return text
  }

  private static func unescape(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
        rest = rest.dropFirst(2)
        bytes.append(code)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
