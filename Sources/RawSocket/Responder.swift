package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Synchronization
package import Time
package import Wire

/// The only place where the program speaks on the wire.
///
/// One thread answers; announcements leave through the same object, under the same lock and the
/// same deadline. That lock is the fence of lease.md §2.4: once `replace` has returned, no frame for
/// a dropped claim leaves this node.
package final class Responder: Sendable {
  /// What the lock guards: the table, and the counters that its slots point into.
  struct State {
    var table = ClaimTable()
    var counts: [AnswerCounts.Address] = []
    var links = LinkCounters()
    var dropped: UInt64 = 0
  }

  /// What only `replace` and `amend` use: which slot belongs to which address, and since when each claim is armed.
  struct Slots {
    var byAddress: [IPAddress: Int32] = [:]
    var free: [Int32] = []
    var count: Int32 = 0
    var openedAt: [Claim: Instant] = [:]
    var interfaces: [Int32] = []
    var links: [LinkContext] = []
    var ownHardwareAddresses: [MACAddress] = []
    /// What the filters were last made for.
    var filtered: Set<IPAddress> = []
    /// Shrinks where the kernel allows less than its usual limit (`net.core.optmem_max`).
    var filterBudget = AddressSetFilter.maximumLength
  }

  let state = Mutex(State())
  let slots = Mutex(Slots())
  let arp: PacketSocket
  let neighbors: PacketSocket
  let arpWatch: PacketSocket
  let neighborWatch: PacketSocket
  let wake: StopSignal
  let watchStop: StopSignal
  let isStopping = Atomic<Bool>(false)
  let heartbeat = Atomic<UInt64>(0)
  package let conflicts = ConflictLog()

  /// Opens the sockets; nothing is answered before `replace` and `answer`.
  ///
  /// - Throws: EPERM where the process lacks CAP_NET_RAW.
  package init() throws(SystemError) {
    arp = try PacketSocket(protocolNumber: EthernetHeader.arp)
    neighbors = try PacketSocket(protocolNumber: EthernetHeader.ipv6)
    arpWatch = try PacketSocket(protocolNumber: EthernetHeader.arp)
    neighborWatch = try PacketSocket(protocolNumber: EthernetHeader.ipv6)
    wake = try StopSignal()
    watchStop = try StopSignal()
  }

  /// Moves the deadline of all claims forward (lease.md §2.2).
  package func extend(to deadline: Instant) {
    state.withLock { $0.table.extend(to: deadline, now: .now) }
  }

  /// Moves the deadline of all claims back, where it is later: it was longer than what is known now allows.
  package func shorten(to deadline: Instant) {
    state.withLock { $0.table.deadline = min($0.table.deadline, deadline) }
  }

  /// Shuts the gate of every claim until the deadline is extended: ownership is in doubt, and being
  /// read afresh (lease.md §2.6). When it returns, nothing leaves.
  package func shut() {
    state.withLock { $0.table.deadline = .distantPast }
  }

  /// Answers and announces these addresses no more. When it returns, no frame for them leaves, and none will before
  /// they are armed under this revision or a later one (lease.md §2.17).
  package func revoke(_ addresses: Set<IPAddress>, revision: UInt64) {
    state.withLock { state in
      for address in addresses { state.table.revoke(address, revision: revision) }
    }
  }

  /// Sends one round of announcements for `claim`, unless the gate is shut.
  ///
  /// - Returns: how many frames left, and why the others did not.
  @discardableResult
  package func announce(_ claim: Claim) -> Result<Int, SendFailure> {
    send(AnnouncementForm.round(for: claim.address), of: claim)
  }

  /// Sends the one announcement that defends `claim`, unless the gate is shut.
  @discardableResult
  package func defend(_ claim: Claim) -> Result<Int, SendFailure> {
    send(AnnouncementForm.defence(of: claim.address), of: claim)
  }

  private func send(_ forms: [AnnouncementForm], of claim: Claim) -> Result<Int, SendFailure> {
    var sent = 0
    for form in forms {
      let failure: SendFailure? = state.withLock { state in
        switch state.table.announcement(of: claim, form: form, now: .now) {
        case .failure(let reason): return .silent(reason)
        case .success(let frame):
          guard send(frame, on: claim.interfaceIndex) else {
            let error = SystemError(call: "sendto", code: errno)
            state.links.count(.sendErrors, on: claim.interfaceIndex)
            return .refused(error)
          }
          state.links.count(.announced, on: claim.interfaceIndex)
          if let slot = state.table.slot(of: claim) { state.counts[Int(slot)].announcements += 1 }
          return nil
        }
      }
      if let failure { return .failure(failure) }
      sent += 1
    }
    return .success(sent)
  }

  /// Asks the LAN whether anybody else has these addresses; whoever answers is heard as a conflict.
  ///
  /// For a holder whose store is lost (lease.md §2.10.3), which has nothing but the LAN to tell it of a
  /// rival. It asserts nothing and changes nobody's neighbour cache, so it asks behind a shut gate too;
  /// but only for what is armed, on links that are known. In IPv6 a rival defends its address before all
  /// nodes (RFC 4862 §5.4.3), and these then believe it: a caller must be ready to yield.
  ///
  /// - Returns: how many questions left.
  @discardableResult
  package func ask(for claims: some Sequence<Claim>) -> Int {
    claims.reduce(0) { $0 + (ask($1) { $0.question(about: $1) } ? 1 : 0) }
  }

  /// Asks the same for an address that is to stay here: after a takeover without a former holder
  /// (RFC 5227 §2.1.1, RFC 4862 §5.4.2), and now and then while it is held.
  package func askQuietly(for claim: Claim) {
    _ = ask(claim) { $0.quietQuestion(about: $1) }
  }

  private func ask(_ claim: Claim, _ question: (ClaimTable, Claim) -> Frame?) -> Bool {
    state.withLock { state in
      guard let frame = question(state.table, claim) else { return false }
      let isSent = send(frame, on: claim.interfaceIndex)
      state.links.count(isSent ? .asked : .sendErrors, on: claim.interfaceIndex)
      return isSent
    }
  }

  /// Tries whether a frame for `address` leaves on a link: a question of a station without an address, sent
  /// to the link's own hardware address, so that no other station takes it.
  ///
  /// - Returns: why the kernel refused it; nil where it left.
  package func trySending(
    for address: IPAddress, on interfaceIndex: Int32, from hardwareAddress: MACAddress
  ) -> SystemError? {
    let frame = ClaimTable.trial(for: address, from: hardwareAddress)
    return state.withLock { state in
      if send(frame, on: interfaceIndex) { return nil }
      let error = SystemError(call: "sendto", code: errno)
      state.links.count(.sendErrors, on: interfaceIndex)
      return error
    }
  }

  /// Sends `frame` as it is; call it under the lock. False where the kernel refused: a link that
  /// is gone or down, a full queue. No link's failure concerns another.
  @inline(__always)
  func send(_ frame: Frame, on interfaceIndex: Int32) -> Bool {
    let octets = InlineArray<86, UInt8>(initializingWith: { frame.write(into: &$0) })
    let length = frame.length
    let type = frame.etherType
    let socket = type == EthernetHeader.arp ? arp.fileDescriptor : neighbors.fileDescriptor
    let result = unsafe octets.span.withUnsafeBytes { bytes in
      unsafe clinux_send_frame(socket, bytes.baseAddress, length, interfaceIndex, type)
    }
    return result == length
  }

  /// Ends `answer` and `watch`.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    wake.raise()
    watchStop.raise()
  }

  /// Asks the answering thread for a sign of life; `beats` grows when it gives one.
  package func ping() { wake.raise() }

  /// How often the answering thread has come round since it started.
  package var beats: UInt64 { heartbeat.load(ordering: .relaxed) }
}
