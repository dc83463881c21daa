internal import HTTPTransport
internal import Lease
internal import Wire

extension KeyValue {
  /// The fencing token of the claim in this key: the revision that made it.
  ///
  /// A key that was written over keeps its create revision, so that the new claim would look as old as
  /// the one it destroyed, and the holder of that one would not let go; then it is the revision that
  /// wrote it. Our own lease is never written over another's, so that rewriting the value of our own
  /// claim (which changes no ownership) does not take it from us.
  func epoch(isOwn: Bool) -> Epoch {
    Epoch(UInt64(bitPattern: version > 1 && !isOwn ? modRevision : createRevision))
  }

  /// The epoch of a claim that is gone; nil where a write in between may have changed whose it was.
  func endedEpoch(isOwn: Bool) -> Epoch? {
    version > 1 && !isOwn ? nil : epoch(isOwn: isOwn)
  }

  func remembered(isOwn: Bool) -> EtcdMemory.Claim {
    EtcdMemory.Claim(lease: lease, epoch: endedEpoch(isOwn: isOwn))
  }

  /// Whose claim it is: the lease tells, the value names the node.
  func holder(isOwn: Bool) -> Holder { holder(isOwn: isOwn, record(ClaimRecord.self)) }

  /// The same where the value has been read.
  func holder(isOwn: Bool, _ claim: ClaimRecord?) -> Holder {
    Holder(
      node: claim?.node.oneLine ?? Self.unreadableNode,
      session: SessionID(lease: lease),
      epoch: epoch(isOwn: isOwn))
  }

  /// Stands where a node's name would, for a claim key that no announcer wrote.
  static let unreadableNode = "(unreadable)"

  /// What is wrong with a claim's key, as far as we can tell; nil for a sound one.
  ///
  /// Such a key is a claim all the same: nobody takes what it holds, and nobody deletes it.
  var claimDefect: StoreFailure? { defect(of: record(ClaimRecord.self)) }

  /// The same where the value has been read.
  func defect(of claim: ClaimRecord?) -> StoreFailure? {
    if lease == 0 {
      return StoreFailure(
        .unintelligible,
        "the key \(name) holds something that is no claim of an announcer: it has no lease and never "
          + "ends; nobody announces the address until it is deleted (etcdctl del \(name))")
    }
    guard claim == nil else { return nil }
    return StoreFailure(
      .unintelligible,
      "the key \(name) holds something that is no claim of an announcer; nobody announces the address "
        + "until its lease \(SessionID(lease: lease)) ends or it is deleted (etcdctl del \(name))")
  }

  /// The session that a node's key stands for; nil for a key without lease, which is no session.
  func session(node: String) -> SessionDescription? {
    guard lease != 0 else { return nil }
    return SessionDescription(
      id: SessionID(lease: lease), node: node,
      details: record(NodeRecord.self)?.details.oneLine ?? "")
  }
}
