internal import FaultCheckers

/// What is tried on etcd, tried on Leases: nodes that go, die, freeze, or lose sight of the API server.
enum KubernetesFaults {
  static var all: [Fault] {
    planned + processes + partitions + APIServerFaults.all + LeaseTamperingFaults.all + scale
  }

  private static let crash = GapBounds(Timing.kubernetes.crashBound)
  private static let handedOver = GapBounds(.milliseconds(150))

  private static var planned: [Fault] {
    [
      PlannedFaults.sigterm.onKubernetes(runs: 20, quickRuns: 4, bounds: handedOver),
      PlannedFaults.drain.onKubernetes(runs: 20, bounds: handedOver),
      PlannedFaults.handover.onKubernetes(runs: 20, bounds: handedOver),
      PlannedFaults.handoverTo.onKubernetes(runs: 20, bounds: handedOver),
      PlannedFaults.rollingRestart.onKubernetes(runs: 10, bounds: handedOver),
    ]
  }

  private static var processes: [Fault] {
    [
      ProcessFaults.sigkill(.kubernetes).onKubernetes(
        runs: 12, quickRuns: 2,
        bounds: GapBounds(Timing.kubernetes.crashBound, mean: Timing.kubernetes.lease)),
      ProcessFaults.sigkillAndRestart.onKubernetes(runs: 3, bounds: crash),
      ProcessFaults.frozenBriefly.onKubernetes(
        runs: 3, bounds: GapBounds(Timing.kubernetes.lease / 2 + .milliseconds(300))),
      ProcessFaults.frozenLong.onKubernetes(runs: 3, bounds: crash),
      ProcessFaults.sameNameTwice.onKubernetes(runs: 2, bounds: GapBounds(.milliseconds(100))),
    ]
  }

  private static var partitions: [Fault] {
    PartitionFaults.cuts.map {
      $0.onKubernetes(runs: 3, quickRuns: $0.quickRuns, bounds: crash)
    } + [
      PartitionFaults.lossy.onKubernetes("30 % loss to the API server", runs: 2, bounds: crash),
      PartitionFaults.storeAway.onKubernetes(runs: 3, bounds: GapBounds(.seconds(3))),
    ]
  }

  private static var scale: [Fault] {
    let many = Layout.kubernetes.with(addresses: 500)
    // Connections that only many claims at once have needed stay for 30 s.
    let idle = Duration.seconds(40)
    return [
      // A write for each address: an API server that shares two cores with everything here takes some
      // 150 a second.
      ScaleFaults.manyAddresses.onKubernetes(
        runs: 2, bounds: GapBounds(Timing.kubernetes.lease + .milliseconds(2500)), settling: idle,
        layout: many),
      ScaleFaults.idleRequests.onKubernetes(
        "idle requests, 1 and 500", runs: 1, bounds: GapBounds(.seconds(2)), settling: idle,
        layout: many),
    ]
  }
}
