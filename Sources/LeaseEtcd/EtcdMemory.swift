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
}
