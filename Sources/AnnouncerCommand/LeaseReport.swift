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
  /// A directory, or the endpoints in the order in which they are tried.
  let places: [String]
  /// What the keys begin with; null where the backend has no keys.
  let prefix: String?
  /// The TTL; null where the backend has none.
  let durationMs: Double?
  /// How long after the send of its last confirmed renewal this node may announce.
  let holdMs: Double?
  let rebalance: String
  let whenStoreIsLost: String
  /// What makes this lease impossible here. `announcer check` has a list for these.
  let problems: [String]

  private enum CodingKeys: String, CodingKey {
    case backend, places, prefix, durationMs, holdMs, rebalance, whenStoreIsLost
  }

  init(_ settings: LeaseSettings) {
    backend = settings.backend.rawValue
    rebalance = settings.rebalance.rawValue
    whenStoreIsLost = settings.whenStoreIsLost.rawValue
    guard settings.backend == .etcd else {
      places = [settings.localDirectory]
      prefix = nil
      durationMs = nil
      holdMs = nil
      problems = []
      return
    }
    let etcd = settings.etcd
    places = etcd.endpoints.map(\.description)
    prefix = etcd.prefix
    var problems: [String] = []
    let duration = settings.duration ?? EtcdSettings.defaultDuration
    durationMs = duration.milliseconds
    do throws(LeaseTimingError) {
      holdMs = try LeaseTiming(timeToLive: duration).hold.milliseconds.rounded()
    } catch {
      holdMs = nil
      problems.append("lease.duration: \(error)")
    }
    let files = [
      ("ca", etcd.ca), ("certificate", etcd.certificate?.certificate),
      ("key", etcd.certificate?.key), ("passwordFile", etcd.user?.passwordFile),
    ]
    for case (let key, let file?) in files {
      do throws(SystemError) {
        try systemCall("open", file) { unsafe faccessat(AT_FDCWD, file, R_OK, AT_EACCESS) }
      } catch {
        problems.append("lease.etcd.\(key): \(error)")
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
    if prefix == nil { lines.append("for the processes of this machine only") }
    if rebalance != "never" { lines.append("rebalance: \(rebalance)") }
    return lines
  }

  /// Milliseconds as seconds, to the hundredth.
  private func seconds(_ milliseconds: Double) -> String {
    let text = "\((milliseconds / 10).rounded() / 100)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
