/// What is known of the versions of objects that are gone, so that late news do not bring them back.
///
/// An object's version never goes back. Its news come on several ways, the answer to a write, a watch and a
/// list, and any of them may be late. The API server's versions are numbers that grow over all objects of a
/// kind; where they are none, news are taken as they come.
struct VersionMemory<Name: Hashable & Sendable>: Sendable {
  /// At which version an object went.
  private var removed: [Name: UInt64] = [:]
  /// The newest list: what it did not have was gone by then.
  private var listed: UInt64 = 0
  /// A list comes long before so many objects are gone.
  private static var capacity: Int { 4096 }

  init() {}

  /// Whether news of this version are news.
  ///
  /// - Parameter known: the version that is known; nil where the object is not there.
  func accepts(_ version: String, of name: Name, known: String?) -> Bool {
    guard let version = UInt64(version) else { return true }
    if let known { return UInt64(known).map { version >= $0 } ?? true }
    return version > max(removed[name] ?? 0, listed)
  }

  /// Whether an element of a list counts.
  func accepts(
    _ version: String, of name: Name, known: String?, fromListAt list: String
  ) -> Bool {
    if known != nil { return accepts(version, of: name, known: known) }
    guard let list = UInt64(list) else { return true }
    return (removed[name] ?? 0) <= list && listed <= list
  }

  /// Whether an object that a list does not have, or that a deletion names, is really gone.
  func isGone(at version: String?, known: String) -> Bool {
    guard let version = version.flatMap({ UInt64($0) }), let known = UInt64(known) else {
      return true
    }
    return known <= version
  }

  mutating func remove(_ name: Name, at version: String) {
    guard let version = UInt64(version) else { return }
    if removed.count >= Self.capacity { removed = [:] }
    removed[name] = max(removed[name] ?? 0, version)
  }

  /// It is there again.
  mutating func add(_ name: Name) {
    if !removed.isEmpty { removed[name] = nil }
  }

  mutating func list(at version: String) {
    guard let version = UInt64(version), version >= listed else { return }
    listed = version
    removed = removed.filter { $0.value > version }
  }
}
