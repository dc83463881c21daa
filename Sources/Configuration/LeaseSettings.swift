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
  /// The TTL of a session: with `etcd` always there and whole seconds; nil leaves it to the backend.
  /// `local` has none: there the kernel ends a claim with its process.
  package var duration: Duration?
  package var rebalance: Rebalance
  package var whenStoreIsLost: StoreLoss
  /// The directory of the `local` backend, absolute.
  package var localDirectory: String
  /// Of use to the `etcd` backend only; checked whichever is chosen.
  package var etcd: EtcdSettings

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    let chosen = section?.value("backend")
    backend = chosen?.choice(Backend.self, available: [.local, .etcd]) ?? .local
    let length = section?.value("duration")
    duration = length?.duration(in: .seconds(1) ... .seconds(600))
    if backend == .etcd {
      if let duration { length?.requireWholeSeconds(duration) }
      duration = duration ?? EtcdSettings.defaultDuration
    }
    rebalance = section?.value("rebalance")?.choice(Rebalance.self) ?? .never
    let loss = section?.value("whenStoreIsLost")
    whenStoreIsLost = loss?.choice(StoreLoss.self) ?? .silent
    let local = section?.value("local").flatMap { Section($0) }
    localDirectory = local?.value("directory")?.absolutePath() ?? "/run/announcer/claims"
    local?.finish()
    etcd = EtcdSettings(section?.value("etcd"))
    section?.later("kubernetes")
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
  /// etcd counts the TTL of its leases in seconds (`LeaseGrantRequest.TTL`).
  fileprivate func requireWholeSeconds(_ duration: Duration) {
    let seconds = duration.components.seconds
    guard duration != .seconds(seconds) else { return }
    fail(
      "'\(DurationText.write(duration))' is no whole number of seconds, in which etcd counts",
      suggestion: "write \(seconds)s or \(seconds + 1)s")
  }
}
