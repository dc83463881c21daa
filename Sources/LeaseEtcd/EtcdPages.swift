internal import FoundationEssentials
internal import Lease

/// Which keys below the prefix are to be asked for next, page by page, all as they were at one revision. Pure.
///
/// Strangers' keys are passed over by the page: however many stand between ours, they cost one page a place.
struct EtcdPages: Sendable {
  /// Keys in one page.
  static let length: Int64 = 1000
  /// More keys than this where ours are were not written by announcers.
  static let mostKeys = 200_000

  /// What to ask for; nil when everything has been read.
  private(set) var request: RangeRequest?
  /// Of the first page, and so of all.
  private(set) var revision: Int64 = 0
  private let keys: EtcdKeys
  private var count = 0

  /// - Parameter isWithoutValues: asks for names, revisions and leases alone.
  init(_ keys: EtcdKeys, isWithoutValues: Bool) {
    self.keys = keys
    request = RangeRequest(
      key: keys.first, rangeEnd: keys.end, limit: Self.length,
      isKeysOnly: isWithoutValues ? true : nil)
  }

  /// An answer to `request`.
  ///
  /// - Returns: its keys.
  mutating func take(_ page: RangeAnswer) throws(EtcdFailure) -> [KeyValue] {
    let found = page.keyValues ?? []
    if request?.revision == nil { revision = page.header?.revision ?? 0 }
    guard page.more ?? false, let last = found.last else {
      request = nil
      return found
    }
    request?.revision = revision
    request?.limit = Self.length
    switch keys.place(of: last.key) {
    case .ours:
      count += found.count
      guard count < Self.mostKeys else {
        throw EtcdFailure(
          .misconfigured, "more than \(count) keys below \(keys.prefix)/, which is not ours alone")
      }
      // The key after the last one.
      request?.key = last.key + [0]
    case .strangers(let next):
      if let next { request?.key = next } else { request = nil }
    }
    return found
  }

  /// The answer was longer than an answer may be, because of what strangers keep there.
  ///
  /// - Returns: whether a shorter page may do.
  mutating func shorten() -> Bool {
    guard let limit = request?.limit, limit > 1 else { return false }
    request?.limit = max(limit / 10, 1)
    return true
  }
}

extension EtcdKeys {
  /// Where a key stands among those below the prefix.
  enum Place: Hashable {
    /// Between the first and the last that an announcer may write of one kind.
    case ours
    /// Between these places; the next one of ours begins at the key, if there is one.
    case strangers(Data?)
  }

  func place(of key: Data) -> Place {
    for kind in ["claims", "nodes", "preferences"] {
      let (first, end) = (Data("\(prefix)/\(kind)/".utf8), Data("\(prefix)/\(kind)0".utf8))
      if key.lexicographicallyPrecedes(first) { return .strangers(first) }
      if key.lexicographicallyPrecedes(end) { return .ours }
    }
    return .strangers(nil)
  }
}
