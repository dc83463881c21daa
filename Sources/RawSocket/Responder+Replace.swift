package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Synchronization
internal import Time
package import Wire

extension Responder {
  /// Makes `claims` the whole of what is answered and announced. When it returns, no frame for a
  /// claim that is not among them will leave (lease.md §2.4).
  ///
  /// The table is built before the lock is taken, so that answering does not wait for it. Claims
  /// that stay keep their counters and the moment their gate opened.
  ///
  /// - Parameters:
  ///   - ownHardwareAddresses: of every link of this node.
  ///   - revision: of the view that `claims` come from. What a later one has revoked is left out. The deadline stays as
  ///     it is.
  /// - Throws: where the kernel refuses the new filters. The table is in force all the same; the
  ///   old filters may hide frames for new addresses.
  package func replace(
    claims: [Claim], links: [LinkContext], ownHardwareAddresses: [MACAddress], revision: UInt64
  ) throws(SystemError) {
    let failure: SystemError? = slots.withLock { slots in
      let now = Instant.now
      var openedAt: [Claim: Instant] = [:]
      openedAt.reserveCapacity(claims.count)
      for claim in claims { openedAt[claim] = slots.openedAt[claim] ?? now }
      let addresses = Set(claims.lazy.map(\.address))
      let fresh = slots.assign(addresses)
      slots.links = links
      slots.ownHardwareAddresses = ownHardwareAddresses
      let entries = claims.map { claim in
        (claim: claim, slot: slots.byAddress[claim.address]!, openedAt: openedAt[claim]!)
      }
      var table = ClaimTable(
        claims: entries, links: links, ownHardwareAddresses: ownHardwareAddresses,
        deadline: .distantPast, revision: revision)
      slots.openedAt = openedAt
      let slotCount = Int(slots.count)
      state.withLock { state in
        state.makeRoom(for: slotCount, fresh: fresh)
        state.links.add(links.lazy.map(\.interfaceIndex))
        table.succeed(state.table)
        // The old table leaves the lock in `table` and is freed outside.
        swap(&state.table, &table)
      }
      let interfaces = links.map(\.interfaceIndex).sorted()
      guard addresses != slots.filtered || interfaces != slots.interfaces else { return nil }
      slots.interfaces = interfaces
      return attachFilters(addresses, &slots)
    }
    if let failure { throw failure }
  }

  /// Changes what is answered and announced. When it returns, no frame for a claim that is removed will leave, as after
  /// `replace`; but it costs what it changes.
  ///
  /// - Parameters:
  ///   - removed: claims that are answered no more.
  ///   - added: claims on links that the table knows.
  ///   - revision: of the view that the change comes from. What a later one has revoked is left out.
  /// - Throws: where the kernel refuses the new filters; see `replace`.
  package func amend(
    removed: Set<Claim>, added: some Collection<Claim>, revision: UInt64
  ) throws(SystemError) {
    let failure: SystemError? = slots.withLock { slots in
      let now = Instant.now
      slots.remove(removed)
      let fresh = slots.add(added, at: now)
      let entries = added.map { claim in
        (
          claim: claim, slot: slots.byAddress[claim.address]!, openedAt: slots.openedAt[claim]!
        )
      }
      let isDone = state.withLock { state in
        state.makeRoom(for: Int(slots.count), fresh: fresh)
        guard state.table.hasRoom(for: entries.count) else { return false }
        state.table.amend(removed: removed, added: entries, revision: revision)
        return true
      }
      if !isDone { rebuild(&slots, revision: revision) }
      // What passes the filters and is not answered costs a wake-up; what does not pass is never heard.
      let surplus = slots.filtered.count - slots.byAddress.count
      guard
        surplus > max(Self.mostSurplus, slots.byAddress.count / 8)
          || added.contains(where: { !slots.filtered.contains($0.address) })
      else { return nil }
      return attachFilters(Set(slots.byAddress.keys), &slots)
    }
    if let failure { throw failure }
  }

  /// Addresses that the filters may let pass although nothing is armed for them.
  private static let mostSurplus = 64

  /// Puts a table of the same claims with more room in the place of one that is full.
  private func rebuild(_ slots: inout Slots, revision: UInt64) {
    let entries = slots.openedAt.map { claim, openedAt in
      (claim: claim, slot: slots.byAddress[claim.address]!, openedAt: openedAt)
    }
    var table = ClaimTable(
      claims: entries, links: slots.links, ownHardwareAddresses: slots.ownHardwareAddresses,
      deadline: .distantPast, revision: revision, room: entries.count / 4)
    state.withLock { state in
      table.succeed(state.table)
      swap(&state.table, &table)
    }
  }

  /// Shuts every gate: nothing is answered or announced from the return of this call on.
  package func silence() {
    state.withLock { state in
      var table = ClaimTable()
      table.succeed(state.table)
      swap(&state.table, &table)
    }
    slots.withLock { $0.openedAt = [:] }
  }

  /// Has exactly what is about these addresses pass.
  ///
  /// - Returns: what the kernel said; nil where it took the filters.
  private func attachFilters(_ addresses: Set<IPAddress>, _ slots: inout Slots) -> SystemError? {
    do throws(SystemError) {
      try attach(filtersFor: addresses, &slots)
      slots.filtered = addresses
      return nil
    } catch {
      return error
    }
  }

  private func attach(
    filtersFor addresses: Set<IPAddress>, _ slots: inout Slots
  ) throws(SystemError) {
    func attach(
      _ interest: FrameFilter.Interest, _ socket: borrowing PacketSocket
    ) throws(SystemError) {
      while true {
        let filter = FrameFilter(
          interest, addresses: addresses, interfaces: slots.interfaces, budget: slots.filterBudget)
        do throws(SystemError) {
          return try socket.attach(filter.program)
        } catch {
          // The kernel's limit is smaller here; a coarser filter costs CPU, not correctness.
          guard error.code == ENOMEM, slots.filterBudget > 256 else { throw error }
          slots.filterBudget = slots.filterBudget * 3 / 4
        }
      }
    }
    try attach(.arpTargets, arp)
    try attach(.solicitations, neighbors)
    try attach(.arpSenders, arpWatch)
    try attach(.neighborClaims, neighborWatch)
  }
}

extension Responder.Slots {
  /// Assigns every address a slot for its counters, and frees those of addresses that are gone.
  ///
  /// - Returns: slots that another address had before.
  mutating func assign(_ addresses: Set<IPAddress>) -> [Int32] {
    for (address, slot) in byAddress where !addresses.contains(address) {
      byAddress[address] = nil
      free.append(slot)
    }
    return addresses.compactMap { assign($0) }
  }

  /// - Returns: the slot, where another address had it before.
  private mutating func assign(_ address: IPAddress) -> Int32? {
    guard byAddress[address] == nil else { return nil }
    if let slot = free.popLast() {
      byAddress[address] = slot
      return slot
    }
    byAddress[address] = count
    count += 1
    return nil
  }

  /// The gate of these claims is shut. The slot of an address that has no other claim is free.
  mutating func remove(_ claims: Set<Claim>) {
    for claim in claims { openedAt.removeValue(forKey: claim) }
    for address in Set(claims.lazy.map(\.address)) {
      let isElsewhere = interfaces.contains {
        openedAt[Claim(address: address, interfaceIndex: $0)] != nil
      }
      guard !isElsewhere, let slot = byAddress.removeValue(forKey: address) else { continue }
      free.append(slot)
    }
  }

  /// - Returns: slots that another address had before.
  mutating func add(_ claims: some Collection<Claim>, at now: Instant) -> [Int32] {
    var fresh: [Int32] = []
    for claim in claims {
      openedAt[claim] = openedAt[claim] ?? now
      if let slot = assign(claim.address) { fresh.append(slot) }
    }
    return fresh
  }
}

extension Responder.State {
  /// Counters for so many slots; those that another address had begin at nothing.
  mutating func makeRoom(for slotCount: Int, fresh: [Int32]) {
    if counts.count < slotCount {
      counts += Array(repeating: AnswerCounts.Address(), count: slotCount - counts.count)
    }
    for slot in fresh { counts[Int(slot)] = AnswerCounts.Address() }
  }
}
