internal import Lease
internal import Wire

/// The names of our Leases, and what they stand for.
///
/// A claim's name says the address in a form that cannot be mistaken for another's: IPv4 as four decimal
/// numbers, IPv6 as eight groups of four hexadecimal digits. A node's name goes in as it is where
/// Kubernetes can take it (RFC 1123, 253 characters), and otherwise with a hash, so that two nodes' names
/// never become one.
enum LeaseNames {
  static let nodePrefix = "announcer-node-"
  static let claimPrefix = "announcer-ip-"
  /// The longest name of an object.
  static let longest = 253

  static func node(_ node: String) -> String {
    let plain = nodePrefix + node
    if isSubdomain(plain) { return plain }
    let safe = node.lowercased().utf8.map { byte in
      isWord(byte) ? Character(Unicode.Scalar(byte)) : "-"
    }
    let digits = String(Ranking.seed(of: node), radix: 16)
    let hash = String(repeating: "0", count: 16 - digits.count) + digits
    return nodePrefix + "x" + String(safe.prefix(longest - nodePrefix.count - 18)) + "-" + hash
  }

  static func claim(_ address: IPAddress) -> String {
    switch address {
    case .v4(let address):
      return claimPrefix + String(address.description.map { $0 == "." ? "-" : $0 })
    case .v6(let address):
      let groups = (0..<8).map { group in
        let digits = String(
          UInt16(truncatingIfNeeded: address.rawValue >> UInt128(112 - 16 * group)), radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
      }
      return claimPrefix + groups.joined(separator: "-")
    }
  }

  /// The address that a claim's name says; nil for a name that we would not give.
  static func address(of name: String) -> IPAddress? {
    guard name.hasPrefix(claimPrefix) else { return nil }
    let parts = name.dropFirst(claimPrefix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    let text = parts.joined(separator: parts.count == 4 ? "." : ":")
    guard let address = IPAddress(text), claim(address) == name else { return nil }
    return address
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  /// Labels of letters in lower case, digits and '-' between dots, their ends letters or digits.
  private static func isSubdomain(_ name: String) -> Bool {
    guard name.utf8.count <= longest else { return false }
    return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy { label in
        guard let first = label.first, let last = label.last else { return false }
        return isWord(first) && isWord(last)
          && label.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
      }
  }
}
