/// Which connections there are and what each is at: decides who may be answered now, and who has to go for another.
/// Pure.
///
/// Connections are bounded, and a new one is always let in: for it goes the one that has waited longest of those
/// that do least, of the client that has the most. So a client that sends an octet a second, or nothing, costs others
/// nothing, and takes first of all from itself.
struct ConnectionTable {
  typealias ID = Int

  /// In the order in which they have to go.
  enum Stage: Int, Comparable {
    /// The request is not complete, or the last answer has left and no other request has come.
    case asking
    /// The request is complete and the answer is not made yet.
    case waiting
    /// The answer is on its way, and its client has not taken all of it.
    case answering
    /// The same, for a health probe, from the request on.
    case probing

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  private struct Entry {
    let source: String
    var stage = Stage.asking
    /// Rises with every change of a stage: the lowest has been at its stage the longest.
    var since: Int
    /// Has been answering for so long that others need not wait for it.
    var isSlow = false
    /// Its answer is being made, or taken.
    var isInHand = false
  }

  private let limits: MetricsServer.Limits
  private var entries: [ID: Entry] = [:]
  private var changes = 0
  /// Who waits for an answer to be made, the first first.
  private var line: [ID] = []
  private(set) var made = 0

  init(_ limits: MetricsServer.Limits) { self.limits = limits }

  var count: Int { entries.count }

  /// A client has connected.
  ///
  /// - Returns: whose connection is to be closed for it; it is out of the table already.
  mutating func open(_ id: ID, from source: String) -> ID? {
    let victim = entries.count >= limits.connections ? victim() : nil
    if let victim { close(victim) }
    changes += 1
    entries[id] = Entry(source: source, since: changes)
    return victim
  }

  /// The request is complete.
  ///
  /// - Returns: whether its answer is to be made now; else `next` names it later.
  mutating func ask(_ id: ID, isProbe: Bool) -> Bool {
    guard entries[id] != nil else { return false }
    move(id, to: isProbe ? .probing : .waiting)
    if isProbe { return true }
    line.append(id)
    return false
  }

  /// Whose answer is to be made now; ask until it is nil. `ended` is to be called for each.
  mutating func next() -> ID? {
    guard made < limits.made, made + untaken < limits.untaken else { return nil }
    // Of the clients that wait, the one that has the least in hand: one client alone cannot make the others wait.
    let hands = Dictionary(grouping: entries.values.filter(\.isInHand), by: \.source)
    let first = line.enumerated().min { left, right in
      let (a, b) = (entries[left.element]?.source, entries[right.element]?.source)
      let (l, r) = (a.flatMap { hands[$0]?.count } ?? 0, b.flatMap { hands[$0]?.count } ?? 0)
      return (l, left.offset) < (r, right.offset)
    }
    guard let first else { return nil }
    made += 1
    entries[first.element]?.isInHand = true
    return line.remove(at: first.offset)
  }

  /// Whose connection is to be closed, because others wait and it does not take its answer.
  mutating func takeSlow() -> ID? {
    guard !line.isEmpty, made < limits.made, made + untaken >= limits.untaken else { return nil }
    let slow = entries.filter { $0.value.stage == .answering && $0.value.isSlow }
    guard let victim = slow.min(by: { $0.value.since < $1.value.since })?.key else { return nil }
    close(victim)
    return victim
  }

  /// The making of an answer has ended, whether its client is still there or not.
  mutating func ended() { made -= 1 }

  /// The answer begins to leave.
  mutating func answer(_ id: ID) {
    if entries[id]?.stage == .waiting { move(id, to: .answering) }
  }

  /// The answer has been leaving for long.
  mutating func slow(_ id: ID) { entries[id]?.isSlow = true }

  /// The kernel has all of the answer.
  mutating func answered(_ id: ID) {
    guard entries[id] != nil else { return }
    move(id, to: .asking)
    entries[id]?.isInHand = false
    entries[id]?.isSlow = false
  }

  private var untaken: Int { entries.values.count { $0.stage == .answering } }

  mutating func close(_ id: ID) {
    guard let entry = entries.removeValue(forKey: id) else { return }
    if entry.stage == .waiting { line.removeAll { $0 == id } }
  }

  private mutating func move(_ id: ID, to stage: Stage) {
    changes += 1
    entries[id]?.stage = stage
    entries[id]?.since = changes
  }

  /// Of the client that has the most connections at the lowest stage: the one that has been there the longest. Of those
  /// that wait the youngest, so that those before it keep their places.
  private func victim() -> ID? {
    guard let stage = entries.values.map(\.stage).min() else { return nil }
    let sources = Dictionary(
      grouping: entries.filter { $0.value.stage == stage }, by: \.value.source)
    let most = sources.values.map(\.count).max() ?? 0
    let candidates = sources.values.filter { $0.count == most }.joined()
    let byAge = candidates.sorted { $0.value.since < $1.value.since }
    return (stage == .waiting ? byAge.last : byAge.first)?.key
  }
}
