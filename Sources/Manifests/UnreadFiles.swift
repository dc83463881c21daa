internal import Cluster

/// The files and directories that may have objects and have never been understood.
///
/// What is not known is not permission: a policy or a Node in one of them may leave out what is announced without
/// it. One that vanishes stays here, because what it would have said is not known for that. One that was
/// understood once counts as it last was, and does not come back here.
struct UnreadFiles: Sendable {
  private var understood: Set<String> = []
  private var unread: [String: Set<ClusterObject.Kind>] = [:]

  /// - Parameter kinds: those of which it may have objects.
  mutating func fail(_ path: String, hiding kinds: Set<ClusterObject.Kind>) {
    if !understood.contains(path) { unread[path] = kinds }
  }

  mutating func understand(_ path: String) {
    understood.insert(path)
    unread[path] = nil
  }

  func wasUnderstood(_ path: String) -> Bool { understood.contains(path) }

  /// In order, of each kind.
  var byKind: [ClusterObject.Kind: [String]] {
    unread.sorted { $0.key < $1.key }.reduce(into: [:]) { result, entry in
      for kind in entry.value { result[kind, default: []].append(entry.key) }
    }
  }

  /// Those that are not among `paths` any more.
  func gone(from paths: Set<String>) -> [String] {
    unread.filter { !$0.value.isEmpty && !paths.contains($0.key) }.keys.sorted()
  }
}
