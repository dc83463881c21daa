internal import Wire

/// What a set-up consists of. Faults of the same layout share one.
struct Layout: Hashable, Sendable {
  var timing = Timing.fast
  var backend = Backend.etcd
  /// How many API servers there are; nodes use one each, in turn. None where the store is etcd.
  var apiServers = 0
  /// How many hosts run a daemon.
  var nodes = 3
  /// What every node may announce.
  var addresses = [IPAddress("10.80.8.150")!, IPAddress("2001:db8::10")!]
  /// Between two questions of the client for the same address.
  var probeInterval = Duration.milliseconds(2)
  /// `lease.whenStoreIsLost: hold`.
  var holds = false
  /// The store asks for a user and a password, and forgets a token after so many seconds.
  var authTokenSeconds: Int?
  /// Octets that a member may store.
  var quota: Int?

  /// Leases on an API server.
  static let kubernetes = Layout(timing: .kubernetes, backend: .kubernetes, apiServers: 1)

  /// `count` addresses from 10.90.0.1 on, each asked for every 100 ms.
  func with(addresses count: Int) -> Layout {
    var layout = self
    layout.addresses = (1...count).map {
      .v4(IPv4Address(rawValue: 0x0a5a_0000 + UInt32($0)))
    }
    layout.probeInterval = .milliseconds(100)
    return layout
  }

  func with(_ change: (inout Layout) -> Void) -> Layout {
    var copy = self
    change(&copy)
    return copy
  }
}
