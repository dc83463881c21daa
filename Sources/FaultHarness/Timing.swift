internal import FaultCheckers

/// The two settings of store and session that are measured (lease.md §4.7).
struct Timing: Hashable, Sendable {
  /// T, the session's time to live.
  let lease: Duration
  /// Milliseconds between signs of life of etcd's leader.
  let heartbeat: Int
  /// Milliseconds after which another member stands for leader.
  let election: Int
  /// How long after the end of a session it may be until another node answers.
  let takeover: Duration

  static let fast = Timing(
    lease: .seconds(2), heartbeat: 30, election: 300, takeover: .milliseconds(700))
  /// As etcd comes.
  static let standard = Timing(
    lease: .seconds(5), heartbeat: 100, election: 1000, takeover: .milliseconds(700))
  /// On Leases: what stands behind the API server has a single member, which elects nobody.
  static let kubernetes = Timing(
    lease: .seconds(6), heartbeat: 100, election: 1000, takeover: .milliseconds(1500))

  /// From the last confirmed renewal to when no frame may be on the wire (lease.md §2.0): T·(1−ρ)/(1+ρ).
  /// The gate shuts ε earlier.
  var deadline: Duration { lease * 9 / 11 }

  /// The longest that an address goes unanswered when its holder dies without a word: the session ends,
  /// and etcd says so half a second later at most.
  var crashBound: Duration { lease + takeover }

  var text: String { "\(milliseconds(lease))ms" }
}
