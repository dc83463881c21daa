internal import Synchronization

/// What an object became.
package struct PastChange: Sendable {
  /// What it was from then on, or last had been where it was deleted.
  package let object: JSON
  package let isDeletion: Bool
  package let instant: ContinuousClock.Instant
}

/// The server's objects, at hand without a request.
extension APIServer {
  /// Makes an object, or overwrites it with its status and whatever version it has: for what other people's
  /// controllers do.
  ///
  /// - Parameter object: with `apiVersion` and `kind`, which the server serves.
  /// - Returns: its resourceVersion.
  @discardableResult
  package func put(_ object: JSON) throws -> UInt64 {
    let (kind, version) = try kind(of: object)
    let kept = kind.kept(object, version)
    let namespace = object["metadata"]["namespace"].string ?? "default"
    let key = ObjectKey(
      namespace: kind.isNamespaced ? namespace : "", name: object["metadata"]["name"].string ?? "")
    return try core.write { store throws(APIError) in
      var written: ObjectStore.Written
      var changes: [ObjectStore.Change] = []
      if let old = store.object(key, of: kind) {
        var new = kept
        new["metadata"]["resourceVersion"] = .string("\(old.version)")
        new["metadata"]["uid"] = .null
        written = try store.update(key, to: new, of: kind)
      } else {
        var new = kept
        new["metadata"]["resourceVersion"] = .null
        written = try store.create(new, of: kind, in: key.namespace)
      }
      if let change = written.change { changes.append(change) }
      if kind.hasStatus, kept["status"] != .null {
        var new = written.object.json
        new["status"] = kept["status"]
        written = try store.update(key, to: new, of: kind, isStatus: true)
        if let change = written.change { changes.append(change) }
      }
      return (written.object.version, changes)
    }
  }

  /// - Parameter json: its text.
  @discardableResult
  package func put(_ json: String) throws -> UInt64 { try put(try JSON(parsing: json)) }

  /// An object as it is kept, without `apiVersion` and `kind`; nil where there is none.
  ///
  /// - Parameter plural: `leases`.
  package func object(_ plural: String, _ namespace: String = "", _ name: String) -> JSON? {
    core.state.withLock { state in
      state.kinds.first { $0.plural == plural }.flatMap {
        state.store.object(ObjectKey(namespace: namespace, name: name), of: $0)?.json
      }
    }
  }

  /// All objects of a kind, sorted by namespace and name.
  package func objects(_ plural: String) -> [JSON] {
    core.state.withLock { state in
      state.kinds.first { $0.plural == plural }.map { state.store.all(of: $0).map(\.json) } ?? []
    }
  }

  /// Every change of a kind since the start or the last compaction, in order.
  package func history(of plural: String) -> [PastChange] {
    core.state.withLock { state in
      guard let kind = state.kinds.first(where: { $0.plural == plural }) else { return [] }
      return state.store.changes(of: kind, after: 0).map {
        PastChange(object: $0.object.json, isDeletion: $0.isDeletion, instant: $0.instant)
      }
    }
  }

  /// Deletes an object; nothing happens where there is none.
  package func delete(_ plural: String, _ namespace: String = "", _ name: String) {
    guard let kind = core.state.withLock({ $0.kinds.first { $0.plural == plural } }) else { return }
    try? core.write { store throws(APIError) in
      let written = try store.delete(
        ObjectKey(namespace: namespace, name: name), of: kind, [:])
      return ((), written.change.map { [$0] } ?? [])
    }
  }

  /// The version of the last change.
  package var resourceVersion: UInt64 { core.state.withLock { $0.store.version } }

  /// Serves one more kind, or one that it serves already in other versions.
  package func serve(_ kind: APIKind) {
    core.state.withLock { state in
      state.kinds.removeAll { $0.resource == kind.resource }
      state.kinds.append(kind)
    }
  }

  /// Serves a kind no more (404), forgets its objects and ends the watches on it.
  package func serveNoMore(_ kind: APIKind) {
    core.state.withLock { state in
      for change in state.store.removeAll(of: kind) { state.tell(change) }
      state.kinds.removeAll { $0.resource == kind.resource }
      for (number, watcher) in state.watchers where watcher.route.kind.resource == kind.resource {
        watcher.connection.endStream()
        state.watchers[number] = nil
      }
    }
  }

  private func kind(of object: JSON) throws -> (APIKind, String) {
    let version = object["apiVersion"].string ?? ""
    let found = core.state.withLock { state in
      state.kinds.lazy.filter { $0.kind == object["kind"].string }.compactMap { kind in
        kind.versions.first { kind.apiVersion($0) == version }.map { (kind, $0) }
      }.first
    }
    guard let found else {
      throw APIError.badRequest("not served: \(version) \(object["kind"].string ?? "")")
    }
    return found
  }
}
