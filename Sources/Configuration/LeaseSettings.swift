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
  /// The TTL of a session; nil leaves it to the backend. `local` has none: there the kernel ends a
  /// claim with its process.
  package var duration: Duration?
  package var rebalance: Rebalance
  package var whenStoreIsLost: StoreLoss
  /// The directory of the `local` backend, absolute.
  package var localDirectory: String

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    backend = section?.value("backend")?.choice(Backend.self, available: [.local]) ?? .local
    duration = section?.value("duration")?.duration(in: .seconds(1) ... .seconds(600))
    rebalance = section?.value("rebalance")?.choice(Rebalance.self, available: [.never]) ?? .never
    whenStoreIsLost =
      section?.value("whenStoreIsLost")?.choice(StoreLoss.self, available: [.silent]) ?? .silent
    let local = section?.value("local").flatMap { Section($0) }
    localDirectory = local?.value("directory")?.absolutePath() ?? "/run/announcer/claims"
    local?.finish()
    section?.later("etcd")
    section?.later("kubernetes")
    section?.finish()
  }
}
