internal import Lease
internal import Time
internal import Wire

/// Everything the Leases say, what follows from it on this process's clock, and what the election has been
/// told of it. Pure.
///
/// Records come from the watch, from lists and from the answers to our own calls, in any order: versions
/// tell what is older. The rules (lease.md §2, §5):
///
/// - **A session ends in the store.** Another's is timed here from the moment its Lease was last seen to
///   change, for the whole duration that the Lease states. Then it is ended by a write that succeeds only
///   if nothing was written since: from then on its holder cannot renew, and everybody knows.
/// - **What somebody else tore down ends later for others than for its holder.** A Lease that was deleted,
///   emptied or written over by whoever is not its holder may still be believed in by the holder. A
///   holder confirms no renewal before it has seen everything older than that renewal, so that after a
///   whole duration, counted from when we saw it, it is silent.
/// - **A session that has ended never comes back**, whatever is written.
///
/// It is in several files: this one has the state and how it is told, `+Sessions` and `+Claims` what the
/// records mean, `+Time` what time does, `+Questions` what the store's calls ask, `+History` what becomes
/// of it when the store was put back from a backup.
struct LeaseTable: Sendable {
  struct Session: Hashable, Sendable {
    enum State: Hashable, Sendable {
      /// `version` is what it was timed at.
      case live(version: UInt64, seenAt: Instant)
      /// Its Lease does not name it (any more), and its holder may not know.
      case doomed(at: Instant)
      case ended
    }

    var node: String
    var details = ""
    /// The longest that its records stated.
    var duration: Duration
    var state: State
    /// When this process may try (again) to end it in the store, where it tried.
    var retryAt = Instant.distantPast
    /// Whether the node's Lease has ever named it. Others are only known from claims.
    var isKnownByLease = false
    var claims: Set<IPAddress> = []
    var wishes: [IPAddress: Wish] = [:]

    var isDoomed: Bool { if case .doomed = state { true } else { false } }
    var isLive: Bool { if case .live = state { true } else { false } }
  }

  struct NodeEntry: Hashable, Sendable {
    var record: NodeRecord
    var uid: String
    var version: UInt64
    /// Since when it stands for no session.
    var idleSince: Instant?
  }

  struct ClaimEntry: Hashable, Sendable {
    /// Nil where the Lease was deleted by whoever was not its holder.
    var record: ClaimRecord?
    var uid = ""
    var version: UInt64
    /// The version that made the holder the holder.
    var epoch: Epoch
    /// Who may believe to hold it still, and until when.
    var former: Former?
    /// Since when it is free.
    var freeSince: Instant?
  }

  struct Former: Hashable, Sendable {
    var holder: Holder
    var until: Instant
  }

  /// This node's name, for its place among those who end sessions.
  var node: String
  /// The duration of a session that states none.
  var defaultDuration: Duration

  /// The newest instant that anybody mentioned.
  var now = Instant.distantPast
  var sessions: [SessionID: Session] = [:]
  /// The sessions of this process, the newest last, those that have ended too.
  var own: [SessionID] = []
  /// Own sessions that somebody else tore down, and until when frames of theirs may still leave: until
  /// then nobody may be told that they have ended.
  var tornDown: [SessionID: Instant] = [:]
  /// By the names of their Leases.
  var nodes: [String: NodeEntry] = [:]
  var claims: [IPAddress: ClaimEntry] = [:]
  /// Claims that are quarantined by their `former`.
  var quarantined: Set<IPAddress> = []
  /// Who prefers somebody for an address.
  var wishers: [IPAddress: Set<SessionID>] = [:]
  /// The youngest claim of addresses that somebody has a wish for.
  var youngest: [IPAddress: UInt64] = [:]
  /// Lists of this version and older ones are contained in what is known.
  var horizon: UInt64 = 0
  /// The newest version of which the watch or a list has told, and with it of all before.
  var delivered: UInt64 = 0
  /// What was deleted, so that late answers do not bring it back.
  var tombstones: [String: (version: UInt64, at: Instant)] = [:]
  /// Counts the histories of the store: versions of one mean nothing in the next.
  var history: UInt64 = 0

  // What has been told.
  private var toldSessions: Set<SessionID> = []
  private var toldHolders: [IPAddress: Holder] = [:]
  private var toldPreferences: [IPAddress: String] = [:]
  private var troubles: [String: StoreFailure] = [:]
  private var toldTrouble: StoreFailure?
  private var changes: [StoreChange] = []

  init(node: String, defaultDuration: Duration) {
    self.node = node
    self.defaultDuration = defaultDuration
  }

  /// A list has told everything at least once.
  var isSynced: Bool { horizon > 0 }

  /// What is new since the last call.
  mutating func takeChanges() -> [StoreChange] {
    // The first in order of names, so that it does not change without need; the watch's before all.
    let trouble = troubles.min { $0.key < $1.key }?.value
    if trouble != toldTrouble {
      toldTrouble = trouble
      changes.append(.trouble(trouble))
    }
    defer { changes = [] }
    return changes
  }

  /// What is wrong with a Lease, or with the watch (whose name is empty); nil for nothing.
  mutating func note(_ trouble: StoreFailure?, of name: String) {
    if trouble == nil || troubles[name] != nil || troubles.count < 64 { troubles[name] = trouble }
  }

  // MARK: - Telling

  mutating func tellSession(_ id: SessionID) {
    guard let session = sessions[id] else { return }
    if session.state == .ended {
      if toldSessions.remove(id) != nil { changes.append(.sessionEnded(id)) }
    } else if session.isKnownByLease, toldSessions.insert(id).inserted {
      changes.append(.sessionOpened(description(of: id, session)))
    }
  }

  /// Tells what has become of a claim, where it is not what was told last.
  mutating func tellClaim(_ address: IPAddress) {
    let holder = holder(of: address)
    let told = toldHolders[address]
    if holder != nil {
      claims[address]?.freeSince = nil
    } else if claims[address]?.freeSince == nil {
      claims[address]?.freeSince = now
    }
    if holder != told {
      toldHolders[address] = holder
      if let holder {
        changes.append(.claimed(address, holder))
      } else if let told {
        changes.append(.freed(address, told.epoch))
      }
    }
    tellPreference(address)
  }

  mutating func tellPreference(_ address: IPAddress) {
    let preferred = preference(for: address)
    guard preferred != toldPreferences[address] else { return }
    toldPreferences[address] = preferred
    changes.append(.preferred(address, node: preferred))
  }

  /// Whatever was told is void.
  mutating func tellRestored() {
    (toldSessions, toldHolders, toldPreferences) = ([], [:], [:])
    // Of Leases that may not be there.
    troubles = troubles.filter { $0.key.isEmpty }
    changes = [.restored]
  }

  // MARK: - What is so

  func isOwn(_ id: SessionID) -> Bool { own.contains(id) }

  func hasEnded(_ id: SessionID) -> Bool { sessions[id]?.state == .ended }

  func description(of id: SessionID, _ session: Session) -> SessionDescription {
    SessionDescription(id: id, node: session.node, details: session.details)
  }

  /// Whose claim it is for all that we may assume; nil for a free one.
  func holder(of address: IPAddress) -> Holder? {
    guard let claim = claims[address] else { return nil }
    if let record = claim.record {
      if record.hasStrategy {
        return Holder(
          node: "(another coordinator)", session: SessionID("strategy"), epoch: claim.epoch)
      }
      if let holder = record.holder, !hasEnded(holder.session) {
        return Holder(node: holder.node, session: holder.session, epoch: claim.epoch)
      }
    }
    return claim.former?.holder
  }

  /// The node that shall have the address next: one session's wish, else the Lease's own field.
  func preference(for address: IPAddress) -> String? {
    if let author = author(ofPreferenceFor: address) {
      return sessions[author]?.wishes[address]?.node
    }
    guard let record = claims[address]?.record, let holder = record.holder, !record.hasStrategy,
      let preferred = record.preferredNode, preferred != holder.node,
      !hasEnded(holder.session)
    else { return nil }
    return preferred
  }

  /// Whose wish for an address is in force. Of several that were written at one moment all agree on one.
  func author(ofPreferenceFor address: IPAddress) -> SessionID? {
    let epoch = youngest[address] ?? 0
    return wishers[address]?.filter { id in
      guard let session = sessions[id], session.state != .ended, let wish = session.wishes[address]
      else { return false }
      return wish.epoch >= epoch
    }.min()
  }
}
