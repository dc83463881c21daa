internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

extension KubernetesCalls {
  /// Renews the session, and makes sure that whatever happened to it and its claims before has been told
  /// (lease.md §5.3).
  ///
  /// A renewal that the server has taken says nothing of claims: they have Leases of their own, and
  /// whoever deleted or overwrote one is heard of by the watch alone. So a renewal counts only when the
  /// watch, or a consistent list, has told of it: what is older has then been told too. Others leave
  /// what was torn down alone for a whole duration, and a holder whose watch hangs is silent by then.
  func renew(
    _ session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) -> Renewal {
    let action = "renew the session"
    let version = try await attempting(action) { () async throws(APIFailure) -> UInt64? in
      try await touch(session, lane: .renewals, until: deadline) { table in
        let wishes = table.wishes(of: session, adding: [])
        // Preferences that came true; the others stay where they are.
        return wishes == table.sessions[session]?.wishes ? nil : wishes
      }
    }
    guard let version else { return .sessionGone }
    guard await table.waitUntilDelivered(version, until: deadline) else {
      throw StoreFailure(
        .timedOut,
        "\(action): the server took it, but the watch of \(path) does not deliver it, so that what "
          + "happened to the claims is not known")
    }
    return table.ask { $0.hasEnded(session) } ? .sessionGone : .renewed
  }

  /// Writes who shall have addresses next into the session's own Lease, which ends with it.
  func prefer(
    _ preferences: [Preference], by session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) {
    let version = try await attempting("write preferences") {
      () async throws(APIFailure) -> UInt64? in
      try await touch(session, lane: .others, until: deadline) {
        $0.wishes(of: session, adding: preferences)
      }
    }
    if version == nil { throw sessionIsOver(session) }
  }

  /// Writes the session's Lease at its newest version; the version it has then, nil where the session is
  /// gone. A conflict alone says nothing: an earlier write of ours may have taken effect unanswered.
  ///
  /// - Parameter wishes: the preferences that it shall carry; nil to leave them.
  private func touch(
    _ session: SessionID, lane: APIClient.Lane, until deadline: Instant,
    wishes: @Sendable (LeaseTable) -> [IPAddress: Wish]?
  ) async throws(APIFailure) -> UInt64? {
    guard
      var (name, version) = table.ask({ table in
        table.hasEnded(session)
          ? nil : table.nodeEntry(of: session).map { ($0.name, $0.entry.version) }
      })
    else { return nil }
    while true {
      let (wishes, duration) = table.ask { (wishes($0), $0.sessions[session]?.duration) }
      var write = LeaseWrite.renewal(duration: Self.seconds(duration ?? .seconds(6)))
      if let wishes {
        write.metadata.annotations[Annotations.preferences] =
          Wish.write(wishes).map { .text($0) } ?? .absent
      }
      switch try await patch(name, version, write, lane: lane, until: deadline) {
      case .done(let record): return record.version
      case .missing: return nil
      case .conflict: break
      }
      guard let present = try await get(name, lane: lane, until: deadline), present.isOurs,
        case .node(let record) = present.subject, record.session == session
      else { return nil }
      (name, version) = (present.name, present.version)
    }
  }
}
