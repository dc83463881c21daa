internal import Announcer
internal import Cluster
internal import Configuration
internal import HostAudit
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

/// The duty of giving addresses out of the pools: who has it, and until when.
extension Coordinator {
  /// Whether this node competes for it.
  private var wantsDuty: Bool {
    configuration.kubernetes?.givesAddresses == true && kubernetes?.watch != nil && !isDrained
  }

  /// The pools as the audit looks at them.
  var announcedPools: [AnnouncedPool] {
    cluster.announcedPools(isGivenHere: configuration.kubernetes?.givesAddresses == true)
  }

  /// What the links of this node say against pools; each node has its own.
  var linkWarningsOfPools: [String] {
    let announcing = Set((service?.verdicts ?? []).filter { $0.state == .active }.map(\.link))
    let links = (links ?? []).filter { announcing.contains($0.id) }
    return AnnouncedPool.linkWarnings(announcedPools, on: links).map(\.description)
  }

  /// Opens the gate for as long as the lease lasts, or shuts it.
  mutating func followDuty() {
    let claim = Duty.addressPools.claim
    let isDropped = dropped[claim].map { $0 > view.competitions } ?? false
    // What is held without a lease is held against the LAN's word alone, and the LAN knows nothing of
    // Services.
    guard wantsDuty, view.held[claim] != nil, !view.yielding.contains(claim), !isDropped,
      !view.heldWithoutLease.contains(claim)
    else {
      duty.shut()
      return
    }
    duty.open(until: view.deadline)
  }

  /// What the election is told to compete for beside the addresses. A duty is left out when the last
  /// write that was begun under it has ended (lease.md §2.4).
  func candidatesWithDuty(_ candidates: Set<IPAddress>) -> Set<IPAddress> {
    guard wantsDuty || !duty.shut() else { return candidates }
    return candidates.union([Duty.addressPools.claim])
  }
}
