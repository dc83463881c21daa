package import Wire

/// The `metrics` section: where a scraper finds this node's figures.
package struct MetricsSettings: Hashable, Sendable {
  /// An IPv4 or IPv6 address of this node.
  package var address: IPAddress
  package var port: UInt16

  static let example = "127.0.0.1:9717"

  /// Nil where the section is not written: then nobody listens.
  init?(_ value: Value?) {
    guard let value, let section = Section(value) else { return nil }
    let listen = section.value("listen")
    section.finish()
    guard let listen else {
      section.fail(
        "it has no address to listen on", suggestion: "write `listen: \"\(Self.example)\"`",
        key: "listen")
      return nil
    }
    guard let text = listen.text() else { return nil }
    guard let (address, port) = Self.read(text) else {
      listen.fail(
        "'\(Value.excerpt(text))' is no address with a port",
        suggestion:
          "write \"\(Self.example)\", \"[::1]:9717\", or \"0.0.0.0:9717\" for every address")
      return nil
    }
    self.address = address
    self.port = port
  }

  /// `127.0.0.1:9717`, `[::1]:9717`.
  private static func read(_ text: String) -> (IPAddress, UInt16)? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    guard let address = IPAddress(String(host)), address.isIPv6 == isBracketed,
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0
    else { return nil }
    return (address, port)
  }
}
