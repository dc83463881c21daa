internal import FoundationEssentials
internal import Lease
internal import Wire

/// What a node's Lease says: whose session lives there, and which are known to have ended.
struct NodeRecord: Hashable, Sendable {
  let node: String
  /// Nil where nobody's does, or where another coordinator has the Lease.
  let session: SessionID?
  /// The TTL.
  let duration: Duration?
  let ended: [SessionID]
  /// The annotation as it is; read only where it has changed.
  let preferences: String?
  /// For people.
  let details: String
  let hasStrategy: Bool

  init(_ spec: LeaseForm.Spec, _ annotations: [String: String], name: String) {
    let holder = HolderIdentity(spec.holderIdentity)
    node =
      annotations[Annotations.node] ?? holder?.node
      ?? String(name.dropFirst(LeaseNames.nodePrefix.count))
    session = spec.hasStrategy ? nil : holder?.session
    duration = spec.duration
    ended = (annotations[Annotations.ended] ?? "").split(separator: ",")
      .map { SessionID(String($0)) }
    preferences = annotations[Annotations.preferences]
    details = [
      ("host", Annotations.host), ("pid", Annotations.processID), ("since", Annotations.since),
    ].compactMap { word, key in annotations[key].map { "\(word) \($0)" } }.joined(separator: ", ")
    hasStrategy = spec.hasStrategy
  }

  /// Whom the session prefers, and against which claim it said so.
  var wishes: [IPAddress: Wish] { preferences.map(Wish.read) ?? [:] }
}

extension LeaseForm.Spec {
  /// The server takes whole seconds from 1 on; nil for none.
  var duration: Duration? {
    leaseDurationSeconds.flatMap { $0 > 0 ? .seconds(min($0, 86_400)) : nil }
  }

  var hasStrategy: Bool { strategy.map { !$0.isEmpty } ?? false }
}

/// A preference as it stands on its author's Lease. It is void once a claim younger than `epoch` exists.
struct Wish: Hashable, Codable, Sendable {
  let node: String
  let epoch: UInt64

  static func read(_ text: String) -> [IPAddress: Wish] {
    let wishes = [String: Wish].reading(Array(text.utf8)) ?? [:]
    return Dictionary(
      wishes.compactMap { address, wish in IPAddress(address).map { ($0, wish) } }
    ) { first, _ in first }
  }

  static func write(_ wishes: [IPAddress: Wish]) -> String? {
    if wishes.isEmpty { return nil }
    let named = Dictionary(uniqueKeysWithValues: wishes.map { ($0.key.description, $0.value) })
    return String(decoding: named.json, as: UTF8.self)
  }
}

extension Encodable {
  /// One line of JSON, the same for equal values. None of ours can fail to encode.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map(Array.init) ?? []
  }
}
