/// The objects of the test server, every change of them since the last compaction, and one version that
/// counts them all, as etcd does under a real server.
///
/// Source: Kubernetes API concepts, "Resource versions".
struct ObjectStore: Sendable {
  /// What happened to an object.
  struct Change: Sendable {
    /// What it is now, or last was.
    let object: StoredObject
    /// nil when it is new.
    let previous: StoredObject?
    let isDeletion: Bool
    /// Where its kind is kept.
    let place: String
    let instant = ContinuousClock.now

    var version: UInt64 { object.version }
  }

  /// Of the last change.
  private(set) var version: UInt64 = 1000
  /// Nothing before this one can be asked for.
  private(set) var compacted: UInt64 = 1000
  private var objects: [String: [ObjectKey: StoredObject]] = [:]
  private var changes: [String: [Change]] = [:]

  /// Where objects of a kind are kept; both faces of an event in one place.
  static func place(of kind: APIKind) -> String {
    kind.plural == "events" ? "events" : kind.resource
  }

  func object(_ key: ObjectKey, of kind: APIKind) -> StoredObject? {
    objects[Self.place(of: kind)]?[key]
  }

  /// Puts an object in place of whatever was there.
  mutating func put(_ json: JSON, of kind: APIKind) -> Change {
    version += 1
    let object = StoredObject(json, version: version)
    let place = Self.place(of: kind)
    let previous = objects[place, default: [:]].updateValue(object, forKey: object.key)
    return record(
      Change(object: object, previous: previous, isDeletion: false, place: place))
  }

  /// Takes an object away. What watches are told is its last content at the version of the deletion.
  mutating func remove(_ object: StoredObject, of kind: APIKind) -> Change {
    version += 1
    let place = Self.place(of: kind)
    objects[place]?[object.key] = nil
    return record(
      Change(
        object: StoredObject(object.json, version: version), previous: object, isDeletion: true,
        place: place))
  }

  /// Forgets all objects of a kind, as a server does when its definition is deleted.
  mutating func removeAll(of kind: APIKind) -> [Change] {
    (objects[Self.place(of: kind)] ?? [:]).values.sorted { $0.key < $1.key }
      .map { remove($0, of: kind) }
  }

  /// Forgets the past: only the present can be asked for from now on.
  mutating func compact() {
    version += 1
    compacted = version
    changes = [:]
  }

  /// The objects of a kind, sorted.
  ///
  /// - Parameter past: as they were at this version, which is not compacted.
  func all(of kind: APIKind, at past: UInt64? = nil) -> [StoredObject] {
    let place = Self.place(of: kind)
    var present = objects[place] ?? [:]
    if let past {
      for change in (changes[place] ?? []).reversed() {
        guard change.version > past else { break }
        present[change.object.key] = change.previous
      }
    }
    return present.values.sorted { $0.key < $1.key }
  }

  /// What happened to a kind after `version`, which is not compacted.
  func changes(of kind: APIKind, after version: UInt64) -> ArraySlice<Change> {
    let all = changes[Self.place(of: kind)] ?? []
    // Sorted by version.
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].version <= version { low = middle + 1 } else { high = middle }
    }
    return all[low...]
  }

  private mutating func record(_ change: Change) -> Change {
    changes[change.place, default: []].append(change)
    return change
  }
}
