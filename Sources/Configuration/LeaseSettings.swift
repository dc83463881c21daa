/// The `lease` section: how nodes agree on who announces what.
package struct LeaseSettings: Hashable, Sendable {
  package enum Backend: String, CaseIterable, Hashable, Sendable {
    case local, etcd, kubernetes
  }

  /// Whether an address moves back to the node that the ranking prefers.
  package enum Rebalance: String, CaseIterable, Hashable, Sendable {
    case never, gradual
  }

  /// What a holder does past its deadline.
  package enum StoreLoss: String, CaseIterable, Hashable, Sendable {
    case silent, hold
  }

  package var backend: Backend
  /// The TTL of a session: with `etcd` and `kubernetes` always there and whole seconds. `local` has no
  /// use for one: there the kernel ends a claim with its process.
  package var duration: Duration?
  package var rebalance: Rebalance
  package var whenStoreIsLost: StoreLoss
  /// The directory of the `local` backend, absolute.
  package var localDirectory: String
  /// Of use to the `etcd` backend only; checked whichever is chosen.
  package var etcd: EtcdSettings
  /// Of use to the `kubernetes` backend only.
  package var kubernetes: KubernetesLeaseSettings

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    let chosen = section?.value("backend")
    backend = chosen?.choice(Backend.self) ?? .local
    let length = section?.value("duration")
    duration = length?.duration(in: .seconds(1) ... .seconds(600))
    if backend != .local {
      if let duration { length?.requireWholeSeconds(duration, of: backend) }
      duration =
        duration
        ?? (backend == .etcd
          ? EtcdSettings.defaultDuration : KubernetesLeaseSettings.defaultDuration)
    }
    rebalance = section?.value("rebalance")?.choice(Rebalance.self) ?? .never
    let loss = section?.value("whenStoreIsLost")
    whenStoreIsLost = loss?.choice(StoreLoss.self) ?? .silent
    let local = section?.value("local").flatMap { Section($0) }
    localDirectory = local?.value("directory")?.absolutePath() ?? "/run/announcer/claims"
    local?.finish()
    etcd = EtcdSettings(section?.value("etcd"))
    kubernetes = KubernetesLeaseSettings(section?.value("kubernetes"))
    section?.finish()
    // A backend that could not be read is no contradiction of its own.
    if whenStoreIsLost == .hold, backend == .local, chosen?.scalar ?? "local" == "local" {
      loss?.fail(
        "'hold' contradicts `backend: local`, whose locks are the kernel's: there is no store to lose",
        suggestion: "write silent, or another backend")
    }
  }
}

extension Value {
  /// Both count in seconds (etcd's `LeaseGrantRequest.TTL`, Kubernetes' `leaseDurationSeconds`).
  fileprivate func requireWholeSeconds(_ duration: Duration, of backend: LeaseSettings.Backend) {
    let seconds = duration.components.seconds
    guard duration != .seconds(seconds) else { return }
    fail(
      "'\(DurationText.write(duration))' is no whole number of seconds, in which "
        + "\(backend == .etcd ? "etcd" : "Kubernetes") counts",
      suggestion: "write \(seconds)s or \(seconds + 1)s")
  }
}
