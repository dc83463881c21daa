internal import NIOCore

/// The host of a URL that has a scheme, without the brackets of an IPv6 address; nil where there is none.
func host(ofURL url: String) -> Substring? {
  guard let scheme = url.firstRange(of: "://") else { return nil }
  var authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
  if let user = authority.lastIndex(of: "@") {
    authority = authority[authority.index(after: user)...]
  }
  if authority.first == "[" {
    return authority.dropFirst().prefix { $0 != "]" }
  }
  let host = authority.prefix { $0 != ":" }
  return host.isEmpty ? nil : host
}

/// Whether a host is written as an address, which nobody has to be asked for.
func isAddress(_ host: some StringProtocol) -> Bool {
  (try? SocketAddress(ipAddress: String(host), port: 0)) != nil
}
