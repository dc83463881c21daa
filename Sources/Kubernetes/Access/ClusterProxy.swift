internal import FoundationEssentials
internal import YAMLDocuments

/// A proxy on the way to the API server (`proxy-url` of a kubeconfig).
package struct ClusterProxy: Hashable, Sendable {
  package enum Scheme: Hashable, Sendable {
    /// By HTTP's CONNECT.
    case http
    case socks5
  }

  /// The URL.
  package let text: String
  package var scheme: Scheme
  package var host: String
  package var port: Int
  /// `user:password` for the proxy; http alone has it.
  package var credentials: String?

  /// - Throws: what would be right, to follow "proxy-url".
  init(_ text: String) throws(AccessFault) {
    let right = "is no proxy like http://10.80.0.1:3128 or socks5://10.80.0.1:1080"
    guard let url = URL(string: text), let scheme = url.scheme?.lowercased(),
      let host = url.host(percentEncoded: false), !host.isEmpty, ["", "/"].contains(url.path()),
      (1...65535).contains(url.port ?? 1)
    else { throw AccessFault("`\(UserInformation.removed(from: text))` \(right)") }
    self.text = text
    self.host = ServerURL.bare(host)
    switch scheme {
    case "http":
      self.scheme = .http
      port = url.port ?? 80
      if let user = url.user(percentEncoded: false) {
        credentials = "\(user):\(url.password(percentEncoded: false) ?? "")"
      }
    case "socks5", "socks5h":
      self.scheme = .socks5
      port = url.port ?? 1080
      guard url.user() == nil else {
        throw AccessFault("user and password are not possible for a SOCKS proxy; leave them out")
      }
    case "https":
      throw AccessFault("a proxy that is spoken to in TLS is not possible; write http://…")
    default: throw AccessFault("`\(UserInformation.removed(from: text))` \(right)")
    }
  }
}
