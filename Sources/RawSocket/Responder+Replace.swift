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
      let changed = slots.assign(addresses)
      let entries = claims.map { claim in
        (claim: claim, slot: slots.byAddress[claim.address]!, openedAt: openedAt[claim]!)
      }
      var table = ClaimTable(
        claims: entries, links: links, ownHardwareAddresses: ownHardwareAddresses,
        deadline: .distantPast, revision: revision)
      slots.openedAt = openedAt
      let slotCount = Int(slots.count)
      state.withLock { state in
        if state.counts.count < slotCount {
          state.counts += Array(
            repeating: AnswerCounts.Address(), count: slotCount - state.counts.count)
        }
        for slot in changed.fresh { state.counts[Int(slot)] = AnswerCounts.Address() }
        state.links.add(links.lazy.map(\.interfaceIndex))
        table.succeed(state.table)
        // The old table leaves the lock in `table` and is freed outside.
        swap(&state.table, &table)
      }
      let interfaces = links.map(\.interfaceIndex).sorted()
      guard changed.isDifferent || interfaces != slots.interfaces else { return nil }
      slots.interfaces = interfaces
      do throws(SystemError) {
        try attachFilters(addresses, interfaces, &slots)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
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

  private func attachFilters(
    _ addresses: Set<IPAddress>, _ interfaces: [Int32], _ slots: inout Slots
  ) throws(SystemError) {
    func attach(
      _ interest: FrameFilter.Interest, _ socket: borrowing PacketSocket
    ) throws(SystemError) {
      while true {
        let filter = FrameFilter(
          interest, addresses: addresses, interfaces: interfaces, budget: slots.filterBudget)
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
  /// Gives every address a slot for its counters and takes back those of addresses that are gone.
  ///
  /// - Returns: the slots that begin a new life, and whether the set differs at all.
  mutating func assign(_ addresses: Set<IPAddress>) -> (fresh: [Int32], isDifferent: Bool) {
    var isDifferent = false
    for (address, slot) in byAddress where !addresses.contains(address) {
      byAddress[address] = nil
      free.append(slot)
      isDifferent = true
    }
    var fresh: [Int32] = []
    for address in addresses where byAddress[address] == nil {
      if let slot = free.popLast() {
        byAddress[address] = slot
        fresh.append(slot)
      } else {
        byAddress[address] = count
        count += 1
      }
      isDifferent = true
    }
    return (fresh, isDifferent)
  }
}
