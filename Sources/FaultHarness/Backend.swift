internal import FaultCheckers

/// What the daemons elect through, and where an etcd keeps it.
enum Backend: String, CaseIterable, Hashable, Sendable {
  case etcd
  /// Leases of a real kube-apiserver, which writes them as JSON into an etcd of its own.
  case kubernetes

  /// How many etcd members there are. What an API server stands on is not what is tried.
  var members: Int { self == .etcd ? 3 : 1 }

  /// What begins every key that matters to the checkers.
  var prefix: String { self == .etcd ? "\(StoreReading.prefix)/" : LeaseReading.prefix }

  /// The keys watched, from the first to before the end: what begins with `prefix`, and `meterKey`.
  var watched: (first: String, end: String) {
    switch self {
    case .etcd: ("/announcer", "/c")
    case .kubernetes: ("/registry/leases.", "/registry/leases0")
    }
  }

  /// The key that `SightingMeter` puts; nobody else looks at it.
  var meterKey: String { self == .etcd ? "/b/harness" : "/registry/leases.harness" }

  /// The changes that matter to the checkers.
  func events(_ records: [HistoryRecorder.Record]) -> [StoreEvent] {
    switch self {
    case .etcd: StoreReading.events(records)
    case .kubernetes: LeaseReading.events(records)
    }
  }

  /// Who has what, as the keys of one moment say.
  func picture(_ keys: [GatewayKey]) -> StorePicture {
    switch self {
    case .etcd: StoreReading.picture(keys)
    case .kubernetes: LeaseReading.picture(keys)
    }
  }
}
