internal import FoundationEssentials
internal import Lease
internal import Wire

/// Where what stands below the prefix.
struct EtcdKeys: Sendable {
  /// What a key is about, by its name.
  enum Subject: Hashable {
    case node(String)
    case claim(IPAddress)
    case preference(IPAddress)
    /// Somebody else's.
    case unknown
  }

  /// Without the slash at the end.
  let prefix: String

  init(prefix: String) throws(StoreFailure) {
    var prefix = prefix
    while prefix.hasSuffix("/") { prefix.removeLast() }
    guard !prefix.isEmpty else {
      throw StoreFailure(
        .misconfigured, "`lease.etcd.prefix` is empty: give the announcers a place of their own")
    }
    self.prefix = prefix
  }

  func node(_ name: String) -> Data { Data("\(prefix)/nodes/\(name)".utf8) }
  func claim(_ address: IPAddress) -> Data { Data("\(prefix)/claims/\(address)".utf8) }
  func preference(_ address: IPAddress) -> Data { Data("\(prefix)/preferences/\(address)".utf8) }

  /// Everything: from the first key...
  var first: Data { Data("\(prefix)/".utf8) }
  /// ...up to before this one: the slash's successor.
  var end: Data { Data("\(prefix)0".utf8) }

  func subject(of key: Data) -> Subject {
    guard let text = String(validating: key, as: UTF8.self), text.hasPrefix("\(prefix)/") else {
      return .unknown
    }
    let parts = text.dropFirst(prefix.count + 1).split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return .unknown }
    switch parts[0] {
    case "nodes": return .node(String(parts[1]))
    case "claims": return address(parts[1]).map { .claim($0) } ?? .unknown
    case "preferences": return address(parts[1]).map { .preference($0) } ?? .unknown
    default: return .unknown
    }
  }

  /// Only the canonical form: two names for one address would be two claims.
  private func address(_ text: Substring) -> IPAddress? {
    guard let address = IPAddress(text), address.description == text else { return nil }
    return address
  }
}
