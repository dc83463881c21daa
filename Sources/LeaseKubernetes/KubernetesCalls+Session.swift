internal import Glibc
internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Time

extension KubernetesCalls {
  /// Begins a session where nobody has the name.
  ///
  /// A session whose opening was written and never answered is written over: nobody uses it. The next
  /// one is not the same, since others time it from when it was written.
  func open(
    node: String, timeToLive: Duration, until deadline: Instant
  ) async throws(StoreFailure) -> SessionOpening {
    let action = "open a session"
    let seconds = Self.seconds(timeToLive)
    let name = LeaseNames.node(node)
    table.update { table, _ in
      table.node = node
      table.defaultDuration = .seconds(seconds)
    }
    while true {
      let present = try await attempting(action) { () async throws(APIFailure) -> LeaseRecord? in
        try await get(name, until: deadline)
      }
      if let present, !present.isOurs { throw Self.foreign(name) }
      let id = SessionID.random()
      let opening = table.update { table, now in
        table.pass(to: now)
        let opening = table.opening()
        // From now on whatever names it is ours, whether or not we hear of its success.
        switch opening {
        case .create, .update: table.beginOwn(id)
        case .taken, .impossible: break
        }
        return opening
      }
      let ended: [SessionID]
      var version: UInt64?
      switch opening {
      case .taken(let other): return .nameTaken(by: other)
      case .impossible(let failure): throw failure
      case .create(let marks): ended = marks
      case .update(let known, let marks):
        ended = marks
        // Deleted a moment ago, and the watch has not told yet.
        version = present == nil ? nil : known
      }
      let write = LeaseWrite.session(
        id, of: node, duration: seconds, ended: ended, processID: getpid(),
        version: notes.version)
      let written = try await attempting(action) { () async throws(APIFailure) -> Written in
        if let version { return try await patch(name, version, write, until: deadline) }
        return try await create(name, write, until: deadline)
      }
      switch written {
      case .done: return .opened(id, granted: .seconds(seconds))
      case .conflict, .missing: table.update { table, _ in table.abandonOwn(id) }
      }
    }
  }

  /// Ends the session: one write, with which all its claims are free for everybody.
  func close(_ session: SessionID, until deadline: Instant) async throws(StoreFailure) {
    try await attempting("end the former session") { () async throws(APIFailure) -> Void in
      let entry = table.ask { $0.nodeEntry(of: session) }
      if var (name, version, ended) = entry.map({
        ($0.name, $0.entry.version, $0.entry.record.ended)
      }) {
        while true {
          let write = LeaseWrite.end(of: session, before: ended)
          guard case .conflict = try await patch(name, version, write, until: deadline),
            let present = try await get(name, until: deadline),
            case .node(let record) = present.subject, record.session == session, present.isOurs
          else { break }
          (name, version, ended) = (present.name, present.version, record.ended)
        }
      }
      // Also where its Lease had gone or named another before.
      table.update { table, now in
        table.pass(to: now)
        table.end(session)
      }
    }
  }

  /// Ends a session whose time has passed, if nothing was written since.
  func end(
    _ session: SessionID, lease name: String, version: UInt64, until deadline: Instant
  ) async {
    let ended = table.ask { $0.nodes[name]?.record.ended ?? [] }
    let write = LeaseWrite.end(of: session, before: ended)
    do throws(APIFailure) {
      switch try await patch(name, version, write, until: deadline) {
      case .done: break
      case .conflict, .missing:
        // Renewed, or ended by another: what the Lease says now counts, the watch may be late.
        _ = try await get(name, until: deadline)
      }
    } catch {}  // Tried again; and whoever watches hears why the watch fails.
  }

  /// Deletes a Lease that nobody has needed for long, if it is still the same.
  func delete(lease name: String, uid: String, version: UInt64, until deadline: Instant) async {
    // Whatever comes of it the watch tells.
    _ = try? await call(
      .delete, "\(path)/\(name)", body: DeletionWrite(uid: uid, version: version).json,
      until: deadline)
  }

  /// Whole seconds, as the server wants them.
  static func seconds(_ duration: Duration) -> Int64 {
    let (seconds, rest) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return max(seconds + (rest > 0 ? 1 : 0), 1)
  }
}
