internal import Lease
internal import Time
internal import Wire

/// A store that keeps the promises of `LeaseStore` as etcd does (lease.md §4), and no others.
///
/// Sessions expire by the store's own clock, up to half a second late. An election of the store itself
/// gives every session a full TTL anew.
struct ModelStore {
  struct Session {
    let id: SessionID
    let node: String
    /// Which process it belongs to; only observers know.
    let owner: Owner
    let timeToLive: Int64
    var expiresAt: Instant
    var isLive = true
  }

  /// A process of a node.
  struct Owner: Hashable {
    let node: Int
    let process: Int
  }

  struct Claim {
    let session: SessionID
    let node: String
    /// Nil where an operator wrote it.
    let owner: Owner?
    let epoch: Epoch
    let since: Moment
  }

  struct Preferred {
    let node: String
    let author: SessionID
  }

  let addresses: [IPAddress]
  private let numbers: [IPAddress: Int]
  /// The least TTL it grants.
  let leastTimeToLive: Int64
  var clock: SimulatedClock
  private(set) var sessions: [Session] = []
  private(set) var claims: [Claim?]
  private(set) var preferences: [Preferred?]
  private(set) var revision: UInt64 = 1
  /// What the last acts did, for the watches, and the addresses whose owner changed.
  private(set) var news: [StoreChange] = []
  private(set) var touched: [Int] = []

  init(addresses: [IPAddress], leastTimeToLive: Int64, clock: SimulatedClock) {
    self.addresses = addresses
    numbers = Dictionary(uniqueKeysWithValues: addresses.enumerated().map { ($1, $0) })
    self.leastTimeToLive = leastTimeToLive
    self.clock = clock
    claims = Array(repeating: nil, count: addresses.count)
    preferences = Array(repeating: nil, count: addresses.count)
  }

  func number(of address: IPAddress) -> Int { numbers[address]! }

  /// Takes what changed since the last time.
  mutating func takeNews() -> (changes: [StoreChange], touched: [Int]) {
    defer {
      news = []
      touched = []
    }
    return (news, touched)
  }

  /// The live session with this id.
  func position(of id: SessionID) -> Int? {
    sessions.lastIndex { $0.id == id && $0.isLive }
  }

  func holder(of number: Int) -> Holder? {
    claims[number].map { Holder(node: $0.node, session: $0.session, epoch: $0.epoch) }
  }

  var picture: StorePicture {
    var picture = StorePicture(sessions: [], claims: [:])
    for session in sessions where session.isLive {
      picture.sessions.append(SessionDescription(id: session.id, node: session.node))
    }
    for number in addresses.indices {
      if let holder = holder(of: number) { picture.claims[addresses[number]] = holder }
      if let preferred = preferences[number] {
        picture.preferences[addresses[number]] = preferred.node
      }
    }
    return picture
  }

  mutating func begin(node: String, owner: Owner, timeToLive: Int64, at now: Moment) -> Session {
    revision += 1
    let granted = max(timeToLive, leastTimeToLive)
    let session = Session(
      id: SessionID("s\(sessions.count + 1)"), node: node, owner: owner, timeToLive: granted,
      expiresAt: clock.reading(at: now) + .nanoseconds(granted))
    sessions.append(session)
    news.append(.sessionOpened(SessionDescription(id: session.id, node: node)))
    return session
  }

  mutating func renew(_ position: Int, at now: Moment) {
    sessions[position].expiresAt =
      clock.reading(at: now) + .nanoseconds(sessions[position].timeToLive)
  }

  /// Ends a session with everything it has.
  mutating func end(_ position: Int) {
    guard sessions[position].isLive else { return }
    sessions[position].isLive = false
    revision += 1
    let id = sessions[position].id
    for number in claims.indices where claims[number]?.session == id { free(number) }
    for number in preferences.indices where preferences[number]?.author == id {
      endPreference(number)
    }
    news.append(.sessionEnded(id))
  }

  mutating func claim(_ number: Int, for session: Session, at now: Moment) -> Epoch {
    revision += 1
    let epoch = Epoch(revision)
    write(
      Claim(
        session: session.id, node: session.node, owner: session.owner, epoch: epoch, since: now),
      number)
    endPreference(number)
    return epoch
  }

  mutating func free(_ number: Int) {
    guard let claim = claims[number] else { return }
    revision += 1
    claims[number] = nil
    touched.append(number)
    news.append(.freed(addresses[number], claim.epoch))
  }

  /// What an operator may write.
  mutating func overwrite(_ number: Int, at now: Moment) {
    revision += 1
    write(
      Claim(
        session: SessionID("foreign"), node: "somebody", owner: nil, epoch: Epoch(revision),
        since: now), number)
  }

  private mutating func write(_ claim: Claim, _ number: Int) {
    claims[number] = claim
    touched.append(number)
    news.append(.claimed(addresses[number], holder(of: number)!))
  }

  mutating func prefer(_ node: String?, for number: Int, by session: SessionID) {
    if let present = preferences[number], present.author != session { return }
    guard let node else { return endPreference(number) }
    revision += 1
    preferences[number] = Preferred(node: node, author: session)
    news.append(.preferred(addresses[number], node: node))
  }

  private mutating func endPreference(_ number: Int) {
    guard preferences[number] != nil else { return }
    revision += 1
    preferences[number] = nil
    news.append(.preferred(addresses[number], node: nil))
  }
}
