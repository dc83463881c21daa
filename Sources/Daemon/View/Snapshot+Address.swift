internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// One address on this node.
extension Snapshot {
  func addressStatus(
    _ address: IPAddress, _ claims: [Claim], _ counts: AnswerCounts.Address?,
    _ conflict: ConflictDefence.Record?
  ) -> AddressStatus {
    let (state, reason) = state(of: address)
    let isHeld = view.held[address] != nil
    let wall = wallTime.nanoseconds - at.nanoseconds
    return AddressStatus(
      address: address.description, state: state,
      holder: isHeld ? configuration.node : view.holders[address]?.node,
      since: history.armedSince[address],
      interfaces: claims.map { name(of: $0.interfaceIndex) }.sorted(),
      origins: origins(of: address), reason: reason,
      answers: counts?.answers ?? 0,
      lastAnswerAt: counts?.lastAnswerAt.map { WallTime(nanoseconds: $0) },
      announcements: counts?.announcements ?? 0,
      conflict: conflict.map {
        ConflictStatus(
          hardwareAddress: $0.hardwareAddress.description,
          lastSeenAt: WallTime(nanoseconds: $0.lastSeenAt.nanoseconds + wall), count: $0.count)
      })
  }

  /// The state of an address on this node, and why where it is not simply announced.
  func state(of address: IPAddress) -> (AddressStatus.State, String?) {
    guard let service = reconciler.serviceability?[address] else {
      return (.blocked, "the interfaces of this node are not known yet")
    }
    if let reason = service.reason { return (.blocked, reason.description) }
    if history.isArmed(address) {
      if at < view.deadline { return (.announcing, nil) }
      return (.blocked, "the lease could not be renewed in time: \(storeTrouble)")
    }
    if view.yielding.contains(address) { return (.waiting, "it is being handed over") }
    if let error = reconciler.impediment?.filters {
      return (.blocked, "the sockets cannot be programmed: \(error)")
    }
    if view.held[address] != nil {
      return (.blocked, "its solicited-node group could not be joined")
    }
    if reconciler.isAsking(for: address), view.holders[address] == nil {
      return (.waiting, "the LAN is asked whether it is free")
    }
    if let failure = view.failures[address] { return (.blocked, failure.description) }
    if let nameTaken { return (.blocked, nameTaken) }
    if view.health == .lost {
      guard let error = view.error else {
        return (.waiting, "a session with the lease store is being opened")
      }
      return (.blocked, "the lease store is out of reach: \(error)")
    }
    if view.holders[address] != nil { return (.standby, nil) }
    return (.waiting, view.error.map { "\($0)" })
  }

  private var storeTrouble: String { view.error?.description ?? "no answer" }

  /// Who wants `address`: entries of the file, and Services.
  func origins(of address: IPAddress) -> [String] {
    let stated = assignments.origins(of: address).filter { $0 != Wishes.origin }
    return stated + clusterOutcome.wishes.origins(of: address)
  }
}
