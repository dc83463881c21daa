internal import Wire

/// Where one member of etcd answers its clients: scheme, host and port, and nothing else.
package struct EtcdEndpoint: Hashable, Sendable {
  /// Whether it is spoken to in TLS (`https`).
  package let isSecure: Bool
  /// A host name in lower case, an IPv4 address, or an IPv6 address without its brackets.
  package let host: String
  package let port: UInt16

  /// etcd's client port (IANA: etcd-client).
  package static let defaultPort: UInt16 = 2379

  package init(isSecure: Bool, host: String, port: UInt16 = EtcdEndpoint.defaultPort) {
    self.isSecure = isSecure
    self.host = host
    self.port = port
  }
}

extension EtcdEndpoint {
  /// On this machine, as far as its text says.
  var isLoopback: Bool {
    switch IPAddress(host) {
    case .v4(let address): address.isLoopback
    case .v6(let address): address == .loopback
    case nil: host == "localhost"
    }
  }
}

extension EtcdEndpoint: CustomStringConvertible {
  /// As a URL, the port always written: `https://10.80.0.11:2379`.
  package var description: String {
    "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}

extension EtcdEndpoint {
  /// Why a text names no endpoint.
  struct Failure: Error {
    var message: String
    var suggestion: String

    init(_ message: String, suggestion: String) {
      self.message = message
      self.suggestion = suggestion
    }
  }

  static let example = "https://10.80.0.11:2379"

  /// Several in one text, as etcdctl takes them, each in quotation marks; nil where one of them is none.
  private static func list(_ text: String) -> String? {
    var items: [String] = []
    for part in text.split(separator: ",") {
      guard let endpoint = try? EtcdEndpoint(String(part.drop { $0 == " " })) else { return nil }
      items.append("\"\(endpoint)\"")
    }
    return items.count > 1 && items.count <= 9 ? items.joined(separator: ", ") : nil
  }

  /// Reads `http://host`, `https://host:port`, `https://[2001:db8::1]:2379` (RFC 3986 §3.2), with or without a slash at
  /// the end. What a URL may have beside these has no meaning for an endpoint, and is refused.
  init(_ text: String) throws(Failure) {
    if text.contains(",") {
      throw Failure(
        "is several in one text",
        suggestion: "write a list: [\(Self.list(text) ?? "\"\(Self.example)\", …")]")
    }
    guard let colon = text.range(of: "://") else {
      let meant = text.isEmpty ? nil : try? EtcdEndpoint("https://\(text)")
      throw Failure(
        "is not a URL", suggestion: "write \(meant.map { "\($0)" } ?? Self.example)")
    }
    switch text[..<colon.lowerBound].lowercased() {
    case "http": isSecure = false
    case "https": isSecure = true
    default: throw Failure("is neither http nor https", suggestion: "write \(Self.example)")
    }
    let rest = text[colon.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("@") {
      throw Failure(
        "names a user", suggestion: "write lease.etcd.username and lease.etcd.passwordFile")
    }
    let (name, digits) = Self.split(authority)
    guard let host = Self.host(name) else {
      throw Failure(
        authority.isEmpty ? "has no host" : "has a host that cannot be one",
        suggestion: "write \(Self.example)")
    }
    self.host = host
    if let digits {
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits),
        number > 0
      else { throw Failure("has a port that cannot be one", suggestion: "write 1 to 65535") }
      port = number
    } else {
      port = Self.defaultPort
    }
    if authority.endIndex != rest.endIndex, rest[authority.endIndex...] != "/" {
      throw Failure("has something after the host and port", suggestion: "write \(self)")
    }
  }

  /// Host and port, the brackets of an IPv6 address kept so that nothing else passes for one.
  private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
    let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.startIndex
    guard let end, let colon = authority[end...].firstIndex(of: ":") else {
      return (authority, nil)
    }
    return (authority[..<colon], authority[authority.index(after: colon)...])
  }

  private static func host(_ text: Substring) -> String? {
    if text.hasPrefix("[") {
      guard text.hasSuffix("]"), let address = IPAddress(text.dropFirst().dropLast()),
        address.isIPv6
      else { return nil }
      return address.description
    }
    // Digits and dots are an address, or a slip in one; no host name ends in a number (RFC 1123 §2.1).
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }) {
      return IPAddress(text)?.description
    }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let isName =
      text.utf8.count <= 253
      && labels.allSatisfy { (1...63).contains($0.utf8.count) && NodeName.isValid(String($0)) }
    return isName ? text.lowercased() : nil
  }
}

extension StringProtocol {
  /// Where a separator first stands.
  fileprivate func range(of separator: String) -> Range<Index>? {
    var start = startIndex
    while start != endIndex {
      if self[start...].hasPrefix(separator) {
        return start..<index(start, offsetBy: separator.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
