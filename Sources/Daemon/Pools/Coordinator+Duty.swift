internal import Announcer
internal import Cluster
internal import Configuration
internal import HostAudit
internal import Lease
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// The duty of giving addresses out of the pools: who has it, and until when.
extension Coordinator {
  /// Whether this node competes for it.
  private var wantsDuty: Bool {
    configuration.kubernetes?.givesAddresses == true && parts.kubernetes?.watch != nil && !isDrained
  }

  /// The pools as the audit looks at them.
  var announcedPools: [AnnouncedPool] {
    parts.cluster.announcedPools(isGivenHere: configuration.kubernetes?.givesAddresses == true)
  }

  /// What the links of this node say against pools; each node has its own.
  var linkWarningsOfPools: [String] {
    let announcing = Set(
      (reconciler.serviceability?.verdicts ?? []).filter { $0.state == .active }.map(\.link))
    let links = (links ?? []).filter { announcing.contains($0.id) }
    return AnnouncedPool.linkWarnings(announcedPools, on: links).map(\.description)
  }

  /// Opens the gate for as long as the lease lasts, or shuts it. A duty is given up when the last write that was begun
  /// under it has ended (lease.md §2.4).
  mutating func followDuty() {
    let claim = Duty.addressPools.claim
    var busy: Set<IPAddress> = []
    if wantsDuty, reconciler.mayUse(claim) {
      parts.duty.open(until: reconciler.view.deadline)
    } else if !parts.duty.shut() {
      busy = [claim]
    }
    reconciler.update(duties: wantsDuty ? [claim] : [], busy: busy)
  }
}
