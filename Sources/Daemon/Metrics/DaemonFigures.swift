internal import Announcer
internal import Control
internal import Metrics
internal import RawSocket
internal import Wire

/// What the daemon's metrics are made of: plain values, taken by the coordinator in one go, so that
/// making text of them keeps nobody waiting.
struct DaemonFigures: Sendable {
  struct Address: Sendable {
    var address: IPAddress
    var state: AddressStatus.State
    var counts: AnswerCounts.Address?
    var conflicts: UInt64
  }

  struct Interface: Sendable {
    var name: String
    /// Nil where it matches no pattern: only what it counted before is of interest.
    var state: InterfaceStatus.State?
    var counts: LinkCounts?
  }

  struct Lease: Sendable {
    var status: LeaseStatus
    /// Seconds; nil before the first renewal.
    var renewalAge: Double?
    var renewalTimes: Histogram
  }

  var version: String
  var node: String
  /// Why this node is not ready; empty where it is.
  var obstacles: [String]
  var isDrained: Bool
  /// Whether this node takes part in giving addresses out of the pools.
  var givesAddresses: Bool
  var warnings: Int
  var startedAt: WallTime
  var loadedAt: WallTime
  var isConfigurationRefused: Bool
  /// Lines of the log that were dropped.
  var logDrops: UInt64
  var addresses: [Address]
  var interfaces: [Interface]
  var socketDrops: UInt64
  var lease: Lease
  var takeoverTimes: Histogram
  var selfCheck: SelfCheckStatus
  var sources: [SourceStatus]
}
