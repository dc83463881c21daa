internal import Cluster
internal import Glibc
internal import LinuxSystem

/// Reads manifests, and remembers of each file what it last said while it could be read.
package struct ManifestReader: Sendable {
  private let paths: [String]
  private var known: [String: Known] = [:]

  private var unread = UnreadFiles()

  private struct Known: Sendable {
    var stamp: FileStamp
    /// What the file last said without errors.
    var objects: [(object: ClusterObject, line: Int)] = []
    var notes: [ManifestDiagnostic] = []
    var errors: [ManifestDiagnostic] = []
    /// The kinds of which it may have objects.
    var kinds: Set<ClusterObject.Kind> = []
  }

  /// The largest file that is read, in octets.
  private static let sizeLimit = 32 << 20

  /// - Parameter paths: files and directories, which need not be there yet.
  package init(_ paths: [String]) {
    self.paths = paths
  }

  /// Looks at everything. Files that have not changed are not read again.
  package mutating func read() -> ManifestSnapshot { look().snapshot }

  /// What there is, and which directories tell of the next change.
  mutating func look() -> (snapshot: ManifestSnapshot, directories: Set<String>) {
    let found = ManifestFiles(paths)
    var snapshot = ManifestSnapshot()
    let everything = Set(ClusterObject.Kind.allCases)
    for path in found.missing {
      snapshot.notes.append(
        ManifestDiagnostic(
          file: path,
          message: unread.wasUnderstood(path)
            ? "the file or directory is gone" : "there is no such file or directory yet"))
      unread.fail(path, hiding: everything)
    }
    let before = unread
    for directory in found.listed { unread.understand(directory) }
    for error in found.errors {
      snapshot.errors.append(error)
      unread.fail(error.file, hiding: everything)
    }
    var next: [String: Known] = [:]
    // By kind and name: where the object was first.
    var places: [ObjectID: String] = [:]
    for file in found.files {
      guard let known = content(of: file) else { continue }
      next[file] = known
      snapshot.notes += known.notes
      snapshot.errors += known.errors
      if known.errors.isEmpty {
        unread.understand(file)
      } else {
        let isLate = found.homes[file].map(before.wasUnderstood) ?? false
        unread.fail(file, hiding: known.kinds, isLate: isLate)
      }
      for (object, line) in known.objects {
        let id = ObjectID(kind: object.kind, name: object.name)
        if let place = places[id] {
          snapshot.notes.append(
            ManifestDiagnostic(
              file: file, line: line,
              message: "\(object.kind.rawValue) \(object.name) is already in \(place), which counts"
            ))
        } else {
          places[id] = "\(file):\(line)"
          snapshot.objects.append(object)
        }
      }
    }
    let there = Set(next.keys).union(found.missing).union(found.errors.map(\.file))
    for file in unread.gone(from: there) {
      snapshot.notes.append(
        ManifestDiagnostic(
          file: file,
          message:
            "the file is gone and was never understood: what it would have left out is not known "
            + "until the daemon starts again"))
    }
    snapshot.unread = unread.byKind
    known = next
    return (snapshot, found.directories)
  }

  private struct ObjectID: Hashable {
    let kind: ClusterObject.Kind
    let name: ObjectName
  }

  /// Nil for a file that has gone meanwhile.
  private func content(of file: String) -> Known? {
    guard let stamp = FileStamp(file) ?? FileStamp(link: file) else { return nil }
    let old = known[file]
    if let old, old.stamp == stamp { return old }
    var new = old ?? Known(stamp: stamp)
    new.stamp = stamp
    let octets: [UInt8]
    do throws(SystemError) {
      octets = try contentOfRegularFile(file, atMost: Self.sizeLimit)
    } catch {
      let message =
        switch error.code {
        case ENOENT: "it is a link that leads nowhere"
        case EINVAL: "this is not a regular file; remove it, or name the right file"
        case EFBIG: "the file is larger than \(Self.sizeLimit >> 20) MiB"
        default: "it cannot be read: \(error)"
        }
      if error.code == ENOENT, FileStamp(link: file) == nil { return nil }
      new.errors = [ManifestDiagnostic(file: file, message: message)]
      new.kinds = Set(ClusterObject.Kind.allCases)
      return new
    }
    let read = ManifestText(octets, file: file)
    new.errors = read.errors
    if read.errors.isEmpty {
      new.objects = read.objects
      new.notes = read.notes
    }
    new.kinds = read.kinds
    return new
  }
}
