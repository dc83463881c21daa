package import Cluster

/// What all manifests together say, at one moment.
package struct ManifestSnapshot: Hashable, Sendable {
  /// Each once: of two files that have the same object the first by name counts.
  package var objects: [ClusterObject] = []
  /// Files that cannot be read as they are. What they last said while they could is still in `objects`.
  package var errors: [ManifestDiagnostic] = []
  /// Of each kind the files that may have objects of it and have not been understood since the start: broken,
  /// unreadable or not there yet. A file that was understood once counts as it last was.
  package var unread: [ClusterObject.Kind: [String]] = [:]
  /// What was passed over, and why.
  package var notes: [ManifestDiagnostic] = []

  package init() {}
}
