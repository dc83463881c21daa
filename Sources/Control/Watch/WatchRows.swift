/// The addresses of one status as the watch shows them: chosen, ordered, with what changed.
///
/// What a draw needs of it is looked up by row, so that ten thousand addresses cost no more than those
/// on the screen; what is worked out for all is worked out when a status comes or a key asks for it.
struct WatchRows {
  /// How rows are ordered; each key goes on to the next.
  enum Order: String, CaseIterable {
    case address
    /// What needs a look first.
    case state
    /// What happened last first.
    case since
    /// The busiest first.
    case answers
  }

  /// What is otherwise than in the status before.
  struct Changes: OptionSet {
    let rawValue: UInt8
    /// State, holder, interfaces, reason, conflict; or it is new.
    static let row = Changes(rawValue: 1)
    static let answers = Changes(rawValue: 2)
  }

  private(set) var addresses: [AddressStatus] = []
  /// Rows in order, as indices of `addresses`.
  private(set) var shown: [Int] = []
  private var changes: [Int: Changes] = [:]
  /// What the filter looks at, in lower case; empty until there is a filter.
  private var texts: [[UInt8]] = []

  var order = Order.address { didSet { arrange() } }
  var filter = "" { didSet { arrange() } }

  func changes(at index: Int) -> Changes { changes[index] ?? [] }

  /// Takes the addresses of a new status.
  mutating func take(_ new: [AddressStatus], isFirst: Bool) {
    changes = [:]
    if !isFirst {
      let old = Dictionary(addresses.map { ($0.address, $0) }, uniquingKeysWith: { $1 })
      for (index, entry) in new.enumerated() {
        let difference = Self.difference(old[entry.address], entry)
        if !difference.isEmpty { changes[index] = difference }
      }
    }
    addresses = new
    texts = []
    arrange()
  }

  private static func difference(_ old: AddressStatus?, _ new: AddressStatus) -> Changes {
    guard let old else { return .row }
    var changes: Changes = []
    if old.state != new.state || old.holder != new.holder || old.interfaces != new.interfaces
      || old.reason != new.reason || old.conflict?.count != new.conflict?.count
    {
      changes.insert(.row)
    }
    if old.answers != new.answers { changes.insert(.answers) }
    return changes
  }

  private mutating func arrange() {
    shown = Array(addresses.indices)
    let words = filter.lowercased().split(separator: " ").map { Array($0.utf8) }
    if !words.isEmpty {
      if texts.isEmpty { texts = addresses.map(Self.text) }
      shown = shown.filter { index in words.allSatisfy { Self.contains(texts[index], $0) } }
    }
    switch order {
    case .address: break
    case .state: sort { Self.urgency($0) }
    case .since: sort { -($0.since?.nanoseconds ?? 0) }
    case .answers: sort { -Int64(clamping: $0.answers) }
    }
  }

  /// By a number, then as the daemon ordered them.
  private mutating func sort(by key: (AddressStatus) -> Int64) {
    let keys = addresses.map(key)
    shown.sort { (keys[$0], $0) < (keys[$1], $1) }
  }

  private static func urgency(_ entry: AddressStatus) -> Int64 {
    if entry.conflict != nil { return 0 }
    return switch entry.state {
    case .blocked: 1
    case .waiting: 2
    case .standby: 4
    case .announcing: 5
    default: 3
    }
  }

  private static func text(_ entry: AddressStatus) -> [UInt8] {
    var text = "\(entry.address) \(entry.state.rawValue) \(entry.holder ?? "")"
    for part in entry.interfaces + entry.origins { text += " \(part)" }
    if let reason = entry.reason { text += " \(reason)" }
    if let conflict = entry.conflict { text += " conflict \(conflict.hardwareAddress)" }
    return Array(text.lowercased().utf8)
  }

  private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
    guard let first = word.first, text.count >= word.count else { return word.isEmpty }
    var start = 0
    while start <= text.count - word.count {
      if text[start] == first {
        var length = 1
        while length < word.count && text[start + length] == word[length] { length += 1 }
        if length == word.count { return true }
      }
      start += 1
    }
    return false
  }
}
