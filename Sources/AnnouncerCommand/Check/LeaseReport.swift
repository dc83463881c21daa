internal import CLinux
internal import Configuration
internal import Glibc
internal import Lease
internal import LinuxSystem
internal import Time

/// What `announcer check` says of the lease: where it is, what its duration means, and what of it
/// this node lacks.
struct LeaseReport: Encodable {
  let backend: String
  /// A directory, the endpoints in the order in which they are tried, or the namespace of Leases.
  let places: [String]
  /// What the keys begin with; null where the backend has no keys.
  let prefix: String?
  /// The TTL; null where the backend has none.
  let durationMs: Double?
  /// How long after the send of its last confirmed renewal this node may announce.
  let holdMs: Double?
  let rebalance: String
  let whenStoreIsLost: String
  /// What makes this lease impossible. `announcer check` has a list for these.
  let problems: [String]

  private enum CodingKeys: String, CodingKey {
    case backend, places, prefix, durationMs, holdMs, rebalance, whenStoreIsLost
  }

  init(_ settings: LeaseSettings) {
    backend = settings.backend.rawValue
    rebalance = settings.rebalance.rawValue
    whenStoreIsLost = settings.whenStoreIsLost.rawValue
    switch settings.backend {
    case .local:
      (places, prefix) = ([settings.localDirectory], nil)
    case .etcd:
      (places, prefix) = (settings.etcd.endpoints.map(\.description), settings.etcd.prefix)
    case .kubernetes:
      (places, prefix) = (["Leases in namespace \(settings.kubernetes.namespace)"], nil)
    }
    var problems: [String] = []
    if settings.backend == .local {
      (durationMs, holdMs) = (nil, nil)
    } else {
      // The configuration fills it in for every backend that has one.
      let duration = settings.duration ?? .zero
      durationMs = duration.milliseconds
      do throws(LeaseTimingError) {
        holdMs = try LeaseTiming(timeToLive: duration).hold.milliseconds.rounded()
      } catch {
        holdMs = nil
        problems.append("lease.duration: \(error)")
      }
    }
    self.problems = problems
  }

  /// Absent values are null, never missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(backend, forKey: .backend)
    try container.encode(places, forKey: .places)
    try container.encode(prefix, forKey: .prefix)
    try container.encode(durationMs, forKey: .durationMs)
    try container.encode(holdMs, forKey: .holdMs)
    try container.encode(rebalance, forKey: .rebalance)
    try container.encode(whenStoreIsLost, forKey: .whenStoreIsLost)
  }

  /// For people.
  var lines: [String] {
    var lines = ["\(backend): \(places.joined(separator: ", "))"]
    if let prefix { lines.append("keys below \(prefix)/") }
    if let durationMs {
      var line = "\(seconds(durationMs)) s"
      if let holdMs {
        line += "; this node falls silent \(seconds(holdMs)) s after its last confirmed renewal"
        if whenStoreIsLost == "hold" { line += ", unless nobody else is heard" }
      }
      lines.append(line)
    }
    if backend == LeaseSettings.Backend.local.rawValue {
      lines.append("for the processes of this machine only")
    }
    if rebalance != "never" { lines.append("rebalance: \(rebalance)") }
    return lines
  }

  /// Milliseconds as seconds, to the hundredth.
  private func seconds(_ milliseconds: Double) -> String {
    let text = "\((milliseconds / 10).rounded() / 100)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
