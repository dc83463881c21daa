package import Time
package import Wire

/// Every claim this node may answer for, looked up by (address, arrival link) in one probe, and
/// the deadline until which it may.
///
/// The table is the gate of lease.md §1.3: what is not in it, or comes after the deadline, is met with
/// silence. `verdict` allocates nothing, and touches nothing but its arrays.
package struct ClaimTable: Sendable {
  /// One claim in the hash table; `link` is -1 in a free place, and `revoked` for a claim that is not answered any more.
  struct Entry: Sendable {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var link: Int32 = -1
    var slot: Int32 = 0
    var openedAt: Instant = .distantPast

    /// The place of no link. It keeps its place in the table: others may have been put behind it.
    static let revoked = Int32.max
  }

  /// Frames may be sent while `now` is before this (lease.md §2.0).
  package var deadline: Instant
  /// When the deadline last went from past to future: requests from before are stale (lease.md §2.5).
  package var gateOpenedAt: Instant = .distantPast

  private(set) var links: [LinkContext]
  /// Every hardware address of this node, announcing or not: frames from them are our own.
  private var ownHardwareAddresses: [MACAddress]
  /// Of the view that the claims come from.
  private var revision: UInt64
  /// What was revoked since, and by which revision.
  private var revoked: [IPAddress: UInt64] = [:]
  /// One of these whose questions are answered all the same while a check of our own asks from there.
  package var witness: MACAddress?
  private var entries: [Entry]
  private let mask: Int
  package private(set) var count: Int
  /// Places that are taken, by claims and by what is answered no more.
  private var used: Int

  /// The table of a node that announces nothing.
  package init() {
    self.init(claims: [], links: [], ownHardwareAddresses: [], deadline: .distantPast)
  }

  /// - Parameters:
  ///   - claims: each with the slot its answers are counted in, and when its gate opened. A claim
  ///     on a link that `links` lacks is left out.
  ///   - ownHardwareAddresses: of all links of this node.
  ///   - revision: of the view of the lease that the claims come from.
  ///   - room: for how many claims more there has to be room.
  package init(
    claims: some Collection<(claim: Claim, slot: Int32, openedAt: Instant)>,
    links: [LinkContext], ownHardwareAddresses: [MACAddress], deadline: Instant,
    revision: UInt64 = 0, room: Int = 0
  ) {
    self.links = links
    self.revision = revision
    self.ownHardwareAddresses = ownHardwareAddresses
    self.deadline = deadline
    // At most three quarters full: a miss still ends after a few neighbouring probes, and 10,000
    // claims stay within half a megabyte of cache.
    var capacity = 8
    while capacity * 3 < (claims.count + room) * 4 { capacity *= 2 }
    mask = capacity - 1
    entries = Array(repeating: Entry(), count: capacity)
    var count = 0
    for (claim, slot, openedAt) in claims {
      guard let link = links.firstIndex(where: { $0.interfaceIndex == claim.interfaceIndex })
      else { continue }
      let (high, low) = Self.key(of: claim.address)
      var place = Self.hash(high, low, Int32(link)) & mask
      while entries[place].link >= 0 { place = (place + 1) & mask }
      entries[place] = Entry(
        high: high, low: low, link: Int32(link), slot: slot, openedAt: openedAt)
      count += 1
    }
    self.count = count
    used = count
  }

  /// Whether so many claims more find their places. Without room another table has to be built.
  package func hasRoom(for additional: Int) -> Bool {
    (used + additional) * 4 <= entries.count * 3
  }

  /// Changes which claims are in the table, and ends as a new table would. It costs what it changes. Ask `hasRoom` before.
  ///
  /// - Parameters:
  ///   - added: claims that are new, or to be answered again. One on a link that the table does not know is left out.
  ///   - revision: of the view of the lease that the change comes from. What a later one has revoked is left out.
  package mutating func amend(
    removed: some Sequence<Claim>,
    added: some Sequence<(claim: Claim, slot: Int32, openedAt: Instant)>, revision: UInt64
  ) {
    self.revision = max(self.revision, revision)
    revoked = revoked.filter { $0.value > revision }
    for claim in removed {
      guard let link = position(ofLink: claim.interfaceIndex) else { continue }
      remove(claim.address, link: Int32(link))
    }
    for (claim, slot, openedAt) in added {
      guard let link = position(ofLink: claim.interfaceIndex), revoked[claim.address] == nil
      else { continue }
      // An entry that is there already is replaced. Places of what was revoked are used again.
      remove(claim.address, link: Int32(link))
      let (high, low) = Self.key(of: claim.address)
      var place = Self.hash(high, low, Int32(link)) & mask
      while entries[place].link >= 0 && entries[place].link != Entry.revoked {
        place = (place + 1) & mask
      }
      if entries[place].link < 0 { used += 1 }
      entries[place] = Entry(
        high: high, low: low, link: Int32(link), slot: slot, openedAt: openedAt)
      count += 1
    }
  }

  private mutating func remove(_ address: IPAddress, link: Int32) {
    let (high, low) = Self.key(of: address)
    var place = Self.hash(high, low, link) & mask
    while entries[place].link >= 0 {
      if entries[place].low == low && entries[place].high == high && entries[place].link == link {
        entries[place].link = Entry.revoked
        count -= 1
      }
      place = (place + 1) & mask
    }
  }

  /// Moves the deadline forward; one that is already later stays (lease.md §2.2).
  package mutating func extend(to deadline: Instant, now: Instant) {
    guard deadline > self.deadline else { return }
    if self.deadline <= now { gateOpenedAt = now }
    self.deadline = deadline
  }

  /// Takes the place of another table: goes on with its deadline, and without what it was told to revoke under a later
  /// revision than that of this one.
  package mutating func succeed(_ earlier: ClaimTable) {
    gateOpenedAt = earlier.gateOpenedAt
    deadline = earlier.deadline
    witness = earlier.witness
    for (address, revision) in earlier.revoked where revision > self.revision {
      revoke(address, revision: revision)
    }
  }

  /// Answers and announces an address no more, on any link, nor does a table that takes the place of this one and comes
  /// from an earlier view (lease.md §2.17).
  package mutating func revoke(_ address: IPAddress, revision: UInt64) {
    revoked[address] = revision
    for link in links.indices { remove(address, link: Int32(link)) }
  }

  /// The link's place in `links`, or nil where nothing is announced on it.
  @inline(__always)
  func position(ofLink interfaceIndex: Int32) -> Int? {
    // `while`, not `for`: without the optimizer an iterator allocates, and the test that forbids
    // allocations must hold there too.
    var position = 0
    while position < links.count {
      if links[position].interfaceIndex == interfaceIndex { return position }
      position += 1
    }
    return nil
  }

  @inline(__always)
  func entry(for address: IPv4Address, link: Int) -> Entry? {
    entry(.max, UInt64(address.rawValue), Int32(truncatingIfNeeded: link))
  }

  @inline(__always)
  func entry(for address: IPv6Address, link: Int) -> Entry? {
    entry(
      UInt64(truncatingIfNeeded: address.rawValue >> 64),
      UInt64(truncatingIfNeeded: address.rawValue), Int32(truncatingIfNeeded: link))
  }

  @inline(__always)
  func isOwn(_ hardwareAddress: MACAddress) -> Bool {
    var position = 0
    while position < ownHardwareAddresses.count {
      if ownHardwareAddresses[position] == hardwareAddress { return true }
      position += 1
    }
    return false
  }

  @inline(__always)
  private func entry(_ high: UInt64, _ low: UInt64, _ link: Int32) -> Entry? {
    var place = Self.hash(high, low, link) & mask
    while entries[place].link >= 0 {
      if entries[place].low == low && entries[place].high == high && entries[place].link == link {
        return entries[place]
      }
      place = (place + 1) & mask
    }
    return nil
  }

  /// IPv4 addresses share a high half that no IPv6 unicast address has (ffff::/16 is multicast).
  private static func key(of address: IPAddress) -> (UInt64, UInt64) {
    switch address {
    case .v4(let address): (.max, UInt64(address.rawValue))
    case .v6(let address):
      (
        UInt64(truncatingIfNeeded: address.rawValue >> 64),
        UInt64(truncatingIfNeeded: address.rawValue)
      )
    }
  }

  /// Mixes so that neighbouring addresses do not land in neighbouring places in runs.
  @inline(__always)
  private static func hash(_ high: UInt64, _ low: UInt64, _ link: Int32) -> Int {
    var value = low ^ (high &* 0x9e37_79b9_7f4a_7c15)
    value ^= UInt64(truncatingIfNeeded: link) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 31) &* 0x94d0_49bb_1331_11eb
    return Int(truncatingIfNeeded: (value ^ value >> 29) & 0x7fff_ffff_ffff_ffff)
  }
}

extension ClaimTable {
  /// Where `claim` is counted; nil where it is not in the table.
  package func slot(of claim: Claim) -> Int32? {
    guard let link = position(ofLink: claim.interfaceIndex) else { return nil }
    return switch claim.address {
    case .v4(let address): entry(for: address, link: link)?.slot
    case .v6(let address): entry(for: address, link: link)?.slot
    }
  }
}
