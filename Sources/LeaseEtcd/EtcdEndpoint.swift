internal import FoundationEssentials
internal import Lease

/// One member's client URL.
struct EtcdEndpoint: Hashable, Sendable {
  /// Its place in the configuration.
  let index: Int
  /// `https://10.80.0.11:2379`, without a slash at the end.
  let url: String

  /// Reads `http(s)://host[:port]`; anything else is told what would be right.
  init(_ text: String, index: Int) throws(StoreFailure) {
    self.index = index
    var url = text
    while url.hasSuffix("/") { url.removeLast() }
    guard let parsed = URL(string: url), let scheme = parsed.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parsed.host(), !host.isEmpty,
      parsed.path().isEmpty, parsed.query() == nil, parsed.user() == nil
    else {
      throw StoreFailure(
        .misconfigured,
        "the etcd endpoint `\(text)` is no URL like https://10.80.0.11:2379")
    }
    self.url = url
  }

  var isSecure: Bool { url.lowercased().hasPrefix("https:") }
}
