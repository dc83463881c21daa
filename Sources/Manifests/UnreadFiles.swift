internal import Cluster

/// The files and directories that may have objects and have never been understood.
///
/// What is not known is not permission: a policy or a Node in one of them may leave out what is announced without
/// it. One that vanishes stays here, because what it would have said is not known for that. One that was
/// understood once counts as it last was, and does not come back here.
///
/// A file that comes late, into a directory that was read before, is forgotten when it goes: what was decided without it
/// was right then, and is again.
struct UnreadFiles: Sendable {
  private struct Entry: Sendable {
    var kinds: Set<ClusterObject.Kind>
    var isLate: Bool
  }
  private var understood: Set<String> = []
  private var unread: [String: Entry] = [:]

  /// - Parameters:
  ///   - kinds: those of which it may have objects.
  ///   - isLate: the file came into a directory that was read before. The first call for a file decides.
  mutating func fail(_ path: String, hiding kinds: Set<ClusterObject.Kind>, isLate: Bool = false) {
    guard !understood.contains(path) else { return }
    let isLate = unread[path]?.isLate ?? isLate
    unread[path] = Entry(kinds: kinds, isLate: isLate)
  }

  mutating func understand(_ path: String) {
    understood.insert(path)
    unread[path] = nil
  }

  func wasUnderstood(_ path: String) -> Bool { understood.contains(path) }

  /// In order, of each kind.
  var byKind: [ClusterObject.Kind: [String]] {
    unread.sorted { $0.key < $1.key }.reduce(into: [:]) { result, entry in
      for kind in entry.value.kinds { result[kind, default: []].append(entry.key) }
    }
  }

  /// Those that are not among `paths` any more. Late ones are forgotten.
  mutating func gone(from paths: Set<String>) -> [String] {
    unread = unread.filter { !$0.value.isLate || paths.contains($0.key) }
    return unread.filter { !$0.value.kinds.isEmpty && !paths.contains($0.key) }.keys.sorted()
  }
}
