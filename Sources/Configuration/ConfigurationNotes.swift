extension Configuration {
  /// What is right and may not be meant, in sentences without their full stop: for `announcer check`.
  package var notes: [String] {
    guard kubernetes?.givesAddresses == true, lease.backend == .local else { return [] }
    return [
      "kubernetes.addressPools: with `lease.backend: local` every node elects itself, and all of them would give "
        + "out addresses; that is fine for one node, several need `etcd` or `kubernetes`"
    ]
  }
}
