internal import Lease

extension SessionID {
  /// A session is an etcd lease; its name is the lease's number as `etcdctl lease list` prints it.
  init(lease: Int64) {
    self.init(String(UInt64(bitPattern: lease), radix: 16))
  }

  /// The lease's number; nil for a name that is none of this store's.
  var lease: Int64? {
    UInt64(text, radix: 16).map { Int64(bitPattern: $0) }
  }
}
