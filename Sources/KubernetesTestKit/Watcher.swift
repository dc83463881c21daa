/// One open watch.
struct Watcher: Sendable {
  let connection: Connection
  let route: ResourceRoute
  let selector: LabelQuery?
  /// Of the one object that is asked for, where it is one.
  let name: String?
  /// Nothing up to this version is told.
  let since: UInt64
  /// What could not be sent while it was frozen.
  var held: [[UInt8]] = []
  var sent = 0

  func concerns(_ object: StoredObject) -> Bool {
    (route.namespace.isEmpty || object.namespace == route.namespace)
      && (name.map { $0 == object.name } ?? true) && (selector?.selects(object.labels) ?? true)
  }

  /// What it is told of a change; nil for nothing.
  func event(_ change: ObjectStore.Change) -> (type: String, object: StoredObject)? {
    guard change.version > since, change.place == ObjectStore.place(of: route.kind) else {
      return nil
    }
    let was = change.previous.map(concerns) ?? false
    let isNow = !change.isDeletion && concerns(change.object)
    switch (was, isNow) {
    case (false, false): return nil
    case (false, true): return ("ADDED", change.object)
    case (true, true): return ("MODIFIED", change.object)
    case (true, false):
      guard !change.isDeletion, let previous = change.previous else {
        return ("DELETED", change.object)
      }
      // It is there, but no longer selected: its last selected state, at the version of the change.
      return ("DELETED", StoredObject(previous.json, version: change.version))
    }
  }

  func line(_ type: String, _ object: StoredObject) -> [UInt8] {
    Array("{\"type\":\"\(type)\",\"object\":".utf8)
      + object.bytes(of: route.kind, route.version) + Array("}\n".utf8)
  }

  /// Tells that nothing happened up to `version`.
  func bookmark(_ version: UInt64) -> [UInt8] {
    let object: JSON = [
      "kind": .string(route.kind.kind), "apiVersion": .string(route.kind.apiVersion(route.version)),
      "metadata": ["resourceVersion": .string("\(version)")],
    ]
    return Array("{\"type\":\"BOOKMARK\",\"object\":\(object.text)}\n".utf8)
  }
}
