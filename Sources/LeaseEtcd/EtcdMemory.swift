internal import Lease
internal import Wire

/// Which lease each key had when it was last heard of, so that its deletion says whose it was.
///
/// etcd would send the former value with each event (`prev_kv`), but looks it up key by key in a copy of
/// its write buffer: the end of a session with 10,000 claims then reaches its watchers after 20 s
/// instead of 0.4 s (measured on 3.4.23).
struct EtcdMemory: Sendable {
  struct Claim: Hashable, Sendable {
    var lease: Int64
    /// Nil where the key was written over, so that its epochs in others' eyes may differ.
    var epoch: Epoch?
  }

  var claims: [IPAddress: Claim] = [:]
  /// The leases of nodes' keys; zero for none.
  var nodes: [String: Int64] = [:]

  /// Whether a later reading shows another history: it has a claim that was made before `next`, up to
  /// where all is known here, and it is not that one which is known.
  func isContradicted(by reading: EtcdMemory, before next: Int64) -> Bool {
    reading.claims.contains { address, claim in
      guard let epoch = claim.epoch, epoch.number < UInt64(next) else { return false }
      guard let known = claims[address] else { return true }
      return known.epoch.map { $0 != epoch } ?? false
    }
  }
}
