internal import FoundationEssentials

/// Where the API server is, taken apart: `https://10.80.0.5:6443`, or behind a path as some gateways have it.
package struct ServerURL: Hashable, Sendable {
  package let isSecure: Bool
  /// A name or an address, an IPv6 address without brackets.
  package let host: String
  /// Nil for the scheme's own.
  package let port: Int?
  /// Empty, or with a slash in front and none at the end.
  package let path: String

  /// Nil for what is no such URL.
  package init?(_ text: String) {
    guard let url = URL(string: text), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = url.host(percentEncoded: false),
      !host.isEmpty, url.query() == nil, url.fragment() == nil, url.user() == nil,
      (1...65535).contains(url.port ?? 443)
    else { return nil }
    isSecure = scheme == "https"
    self.host = Self.bare(host)
    port = url.port
    var path = url.path()
    while path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  init(isSecure: Bool, host: String, port: Int?, path: String = "") {
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.path = path
  }

  static func bare(_ host: String) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  /// `host:port` as it stands in a URL and in the `Host` header.
  package var authority: String {
    (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
  }

  package var text: String { "\(isSecure ? "https" : "http")://\(authority)\(path)" }

  /// The same with another host.
  func with(host: String) -> ServerURL {
    ServerURL(isSecure: isSecure, host: host, port: port, path: path)
  }
}
