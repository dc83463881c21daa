internal import Control
internal import Lease
internal import Metrics
internal import Time
internal import Wire

/// What is remembered of addresses for people: since when they are announced here, how often others asserted them,
/// how long takeovers took. Nothing is decided by it.
struct AddressHistory: Sendable {
  /// What is armed here, and since when.
  private(set) var armedSince: [IPAddress: WallTime] = [:]
  /// How often others asserted each address that was armed here; for as long as it is wanted.
  private(set) var conflictCounts: [IPAddress: UInt64] = [:]
  /// From the moment when an address was free to the moment when it was armed here, in seconds.
  private(set) var takeoverTimes = Histogram.times
  /// Since when addresses that others held, and that we could serve, are free.
  private var freeSince: [IPAddress: Instant] = [:]

  func isArmed(_ address: IPAddress) -> Bool { armedSince[address] != nil }

  mutating func noteArmed(_ gained: Set<IPAddress>, lost: Set<IPAddress>, at now: Instant) {
    for address in gained {
      armedSince[address] = .now
      if let since = freeSince.removeValue(forKey: address) {
        takeoverTimes.observe(Double((now - since).nanoseconds) / 1e9)
      }
    }
    for address in lost { armedSince[address] = nil }
  }

  mutating func noteConflict(about address: IPAddress, count: UInt64) {
    conflictCounts[address, default: 0] += count
  }

  /// Takes the time of addresses that another node has no more, and that this node could serve.
  mutating func noteHolders(
    from before: LeaseView, to view: LeaseView, isCandidate: (IPAddress) -> Bool, at now: Instant
  ) {
    for address in view.changed ?? Set(before.holders.keys).union(view.holders.keys) {
      if view.holders[address] != nil {
        freeSince[address] = nil
      } else if before.holders[address] != nil, isCandidate(address), Duty(address) == nil {
        freeSince[address] = now
      }
    }
  }

  /// Forgets the conflicts about addresses that nobody asks for any more.
  mutating func keep(where isWanted: (IPAddress) -> Bool) {
    conflictCounts = conflictCounts.filter { isWanted($0.key) }
  }
}
