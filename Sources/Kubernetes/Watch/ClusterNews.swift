package import Cluster

/// What happens to the objects that matter in a cluster.
package enum ClusterNews: Hashable, Sendable {
  /// These are all of their kind, as they were at a version; those told of before and not among them are
  /// gone. `isRestored`: they are older than what was told before, since the server's store was put back
  /// from a backup.
  case replaced(
    ClusterObject.Kind, [ClusterObject], version: String = "", isRestored: Bool = false)
  case changed(ClusterObject)
  /// The version is that of the deletion.
  case deleted(ClusterObject.Kind, ObjectName, version: String = "")
  /// Whether the server knows the kind at all; where it does not (any more), there are no objects of it.
  case kind(ClusterObject.Kind, isInstalled: Bool)
  /// Objects of the kind that the server has and that cannot be read, by name; none: no longer.
  case unread(ClusterObject.Kind, [String])
  /// News of a kind may be late or incomplete, and why, in one line; nil when it is over. What was told
  /// before stays true as far as anybody knows.
  case trouble(ClusterObject.Kind, String?)
  /// There was no news of a kind for a while, and the server says that all is well.
  case quiet(ClusterObject.Kind)
}
