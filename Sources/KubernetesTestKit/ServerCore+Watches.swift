internal import FoundationEssentials
internal import Synchronization

/// Telling those who watch.
extension ServerCore {
  /// Does something to the objects and tells the watches in the same breath, so that all of them hear of all
  /// changes in one order.
  func write<Result>(
    _ body: (inout ObjectStore) throws(APIError) -> (Result, [ObjectStore.Change])
  ) throws(APIError) -> Result {
    try attempt { state throws(APIError) in
      let (result, changes) = try body(&state.store)
      for change in changes { state.tell(change) }
      return result
    }
  }

  /// `withLock` with the error's type.
  func attempt<Success>(
    _ body: (inout State) throws(APIError) -> Success
  ) throws(APIError) -> Success {
    let result = state.withLock { state -> Result<Success, APIError> in
      do throws(APIError) { return .success(try body(&state)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Begins a watch: what has happened since the version that was asked for, and whatever happens from now on.
  func watch(_ target: ResourceRoute, _ request: APIRequest, _ connection: Connection) {
    let query = request.query
    do throws(APIError) {
      let wanted = try Self.listQuery(target, query)
      let asked = try ObjectStore.version(wanted.resourceVersion)
      connection.begin(Answer(headers: target.warnings))
      let number = state.withLock { state -> Int? in
        state.begin(target, wanted, since: asked, connection)
      }
      guard let number else { return connection.endStream() }
      let limit = Int(query["timeoutSeconds"] ?? "").flatMap { $0 > 0 ? $0 : nil } ?? 1800
      connection.after(.seconds(limit)) { [weak self] in self?.end(number) }
      guard ["true", "1"].contains(query["allowWatchBookmarks"] ?? "") else { return }
      scheduleBookmark(number, connection)
      if limit > 2 {
        connection.after(.seconds(limit - 2)) { [weak self] in self?.bookmark(number) }
      }
    } catch {
      connection.answer(Answer(error))
    }
  }

  private func scheduleBookmark(_ number: Int, _ connection: Connection) {
    connection.after(state.withLock { $0.bookmarkInterval }) { [weak self] in
      guard let self, bookmark(number) else { return }
      scheduleBookmark(number, connection)
    }
  }

  /// Whether the watch is still there.
  @discardableResult
  private func bookmark(_ number: Int) -> Bool {
    state.withLock { state in
      guard let watcher = state.watchers[number] else { return false }
      // Nothing is said to who comes from the future, as where a backup was put back.
      if !state.stopsBookmarks, state.store.version >= watcher.since {
        state.send(watcher.bookmark(state.store.version), to: number)
      }
      return true
    }
  }

  private func end(_ number: Int) {
    state.withLock { $0.watchers.removeValue(forKey: number) }?.connection.endStream()
  }
}

extension ServerCore.State {
  /// The watch's number; nil where there is nothing to go on with.
  fileprivate mutating func begin(
    _ target: ResourceRoute, _ wanted: ObjectStore.ListQuery, since: UInt64,
    _ connection: Connection
  ) -> Int? {
    // Its kind may have gone since the request came, and those who watched it have been told.
    guard kinds.contains(where: { $0.resource == target.kind.resource }) else { return nil }
    var target = target
    if target.namespace != wanted.namespace {
      target = ResourceRoute(
        verb: target.verb, kind: target.kind, version: target.version,
        namespace: wanted.namespace, name: target.name, isStatus: target.isStatus)
    }
    let number = nextWatcher
    nextWatcher += 1
    let watcher = Watcher(
      connection: connection, route: target, selector: wanted.selector, name: wanted.name,
      since: since == 0 ? store.version : since)
    watchers[number] = watcher
    if since == 0 {
      for object in store.all(of: target.kind) where watcher.concerns(object) {
        send(watcher.line("ADDED", object), to: number)
      }
    } else if since < store.compacted {
      let error = ObjectStore.tooOld(since, store.compacted).status
      send(Array("{\"type\":\"ERROR\",\"object\":\(error.text)}\n".utf8), to: number)
      watchers[number] = nil
      return nil
    } else {
      for change in store.changes(of: target.kind, after: since) { tell(change, number) }
    }
    return number
  }

  mutating func tell(_ change: ObjectStore.Change) {
    for number in watchers.keys.sorted() { tell(change, number) }
  }

  private mutating func tell(_ change: ObjectStore.Change, _ number: Int) {
    guard let watcher = watchers[number], let (type, object) = watcher.event(change) else { return }
    let event = WatchedEvent(
      type: type, resource: watcher.route.kind.plural, namespace: object.namespace,
      name: object.name)
    guard !(dropsEvent?(event) ?? false) else { return }
    send(watcher.line(type, object), to: number)
  }

  mutating func send(_ line: [UInt8], to number: Int) {
    guard !freezesWatches, !isFrozen else {
      watchers[number]?.held.append(line)
      return
    }
    guard let watcher = watchers[number] else { return }
    watchers[number]?.sent += line.count
    guard let limit = watchLimit, watcher.sent + line.count > limit else {
      return watcher.connection.stream(line)
    }
    watcher.connection.stream(Array(line[..<max(0, limit - watcher.sent)]))
    watcher.connection.cut()
    watchers[number] = nil
  }

  /// Lets go what was held back.
  mutating func sendHeld() {
    for number in watchers.keys.sorted() {
      let held = watchers[number]?.held ?? []
      watchers[number]?.held = []
      for line in held { send(line, to: number) }
    }
  }
}
