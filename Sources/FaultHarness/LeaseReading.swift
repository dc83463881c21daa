internal import FaultCheckers
internal import FoundationEssentials
internal import Wire

/// What the program's Leases mean (lease.md §5), read from the etcd of the API server: `announcer-node-…` is
/// a session, `announcer-ip-…` a claim, and who is named in `holderIdentity` has it.
///
/// An ownership begins with the write that names a live session on the claim, and ends with the write
/// that names it there no longer, or that ends the session on its node's Lease: both free the address.
struct LeaseReading {
  /// Where an API server keeps Leases; then come namespace and name.
  static let prefix = "/registry/leases/"
  /// The namespace of the program's Leases, as it comes.
  static let namespace = "kube-system"

  /// The name of a node's Lease. The harness has no node whose name would have to be changed for it.
  static func sessionName(_ node: String) -> String { "announcer-node-\(node)" }

  static func claimName(_ address: IPAddress) -> String {
    switch address {
    case .v4(let address):
      "announcer-ip-" + String(address.description.map { $0 == "." ? "-" : $0 })
    case .v6(let address):
      "announcer-ip-"
        + (0..<8).map { group in
          let digits = String(
            UInt16(truncatingIfNeeded: address.rawValue >> (112 - 16 * group)), radix: 16)
          return String(repeating: "0", count: 4 - digits.count) + digits
        }.joined(separator: "-")
    }
  }

  /// The address that a Lease's name is the claim on; nil for every other name.
  static func claimed(_ name: some StringProtocol) -> IPAddress? {
    guard name.hasPrefix("announcer-ip-") else { return nil }
    let parts = name.dropFirst("announcer-ip-".count).split(separator: "-")
    return IPAddress(parts.joined(separator: parts.count == 4 ? "." : ":"))
  }

  /// The changes that matter to the checkers.
  static func events(_ records: [HistoryRecorder.Record]) -> [StoreEvent] {
    var reading = LeaseReading()
    return records.flatMap { record in
      reading.changes(record).map {
        StoreEvent(revision: record.revision, seen: record.seen, change: $0)
      }
    }
  }

  static func picture(_ keys: [GatewayKey]) -> StorePicture {
    var reading = LeaseReading()
    var picture = StorePicture()
    for key in keys {
      guard let name = name(of: key.name), let holder = holder(key.text) else { continue }
      if name.hasPrefix("announcer-node-"), let node = node(of: holder) {
        picture.sessions[node] = reading.number(of: holder)
      } else if let address = claimed(name) {
        picture.claims[address] = reading.number(of: holder)
      }
    }
    return picture
  }

  /// The checkers know sessions by number: one for each name that was ever written.
  private var numbers: [String: Int64] = [:]
  /// The live session on each node's Lease.
  private var sessions: [String: String] = [:]
  /// Who owns each address.
  private var owners: [IPAddress: String] = [:]

  private mutating func number(of holder: String) -> Int64 {
    if let known = numbers[holder] { return known }
    let number = Int64(numbers.count + 1)
    numbers[holder] = number
    return number
  }

  private mutating func changes(_ record: HistoryRecorder.Record) -> [StoreEvent.Change] {
    guard let name = Self.name(of: record.key) else { return [] }
    let holder = record.isDelete ? nil : Self.holder(record.value)
    if name.hasPrefix("announcer-node-") { return sessionChanges(name, holder) }
    guard let address = Self.claimed(name), holder != owners[address] else { return [] }
    if let holder, owners[address] != nil || sessions.values.contains(holder) {
      owners[address] = holder
      return [.claim(address, lease: number(of: holder), epoch: record.revision)]
    }
    // Who has no session owns nothing, whatever it has written.
    return owners.removeValue(forKey: address) == nil ? [] : [.released(address)]
  }

  private mutating func sessionChanges(_ name: String, _ holder: String?) -> [StoreEvent.Change] {
    let holder = holder.flatMap { Self.node(of: $0) == nil ? nil : $0 }
    let former = sessions[name]
    guard holder != former else { return [] }
    sessions[name] = holder
    var changes: [StoreEvent.Change] = []
    if let former, let node = Self.node(of: former) {
      changes.append(.sessionEnded(node: node))
      for address in owners.filter({ $0.value == former }).keys {
        owners[address] = nil
        changes.append(.released(address))
      }
    }
    if let holder, let node = Self.node(of: holder) {
      changes.append(.session(node: node, lease: number(of: holder)))
    }
    return changes
  }

  /// The name of the Lease that a key is; nil for every other key.
  private static func name(of key: String) -> String? {
    guard key.hasPrefix("\(prefix)\(namespace)/") else { return nil }
    return String(key.dropFirst(prefix.count + namespace.count + 1))
  }

  /// A session is written as `<node>/<id>`; nil for whatever else stands there.
  private static func node(of holder: String) -> String? {
    holder.lastIndex(of: "/").map { String(holder[..<$0]) }
  }

  /// Who is named on a Lease: an empty name is as good as none, and what is no Lease names nobody.
  private static func holder(_ json: String) -> String? {
    struct Lease: Decodable {
      struct Spec: Decodable { let holderIdentity: String? }
      let spec: Spec?
    }
    let lease = try? JSONDecoder().decode(Lease.self, from: Data(json.utf8))
    return lease?.spec?.holderIdentity.flatMap { $0.isEmpty ? nil : $0 }
  }
}
