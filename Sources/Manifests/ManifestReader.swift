internal import Cluster
internal import Glibc
internal import LinuxSystem

/// Reads manifests, and remembers of each file what it last said while it could be read.
package struct ManifestReader: Sendable {
  private let paths: [String]
  private var known: [String: Known] = [:]

  private struct Known: Sendable {
    var stamp: FileStamp
    /// What the file last said without errors.
    var objects: [(object: ClusterObject, line: Int)] = []
    var notes: [ManifestDiagnostic] = []
    var error: ManifestDiagnostic?
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
    snapshot.notes = found.notes
    var next: [String: Known] = [:]
    // By kind and name: where the object was first.
    var places: [ObjectID: String] = [:]
    for file in found.files {
      guard let known = content(of: file) else { continue }
      next[file] = known
      snapshot.notes += known.notes
      if let error = known.error { snapshot.errors.append(error) }
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
    known = next
    return (snapshot, found.directories)
  }

  private struct ObjectID: Hashable {
    let kind: ClusterObject.Kind
    let name: ObjectName
  }

  /// Nil for a file that has gone meanwhile.
  private func content(of file: String) -> Known? {
    guard let stamp = FileStamp(file) else { return nil }
    let old = known[file]
    if let old, old.stamp == stamp { return old }
    var new = old ?? Known(stamp: stamp)
    new.stamp = stamp
    let octets: [UInt8]
    do throws(SystemError) {
      octets = try contentOfRegularFile(file, atMost: Self.sizeLimit)
    } catch {
      if error.code == ENOENT { return nil }
      new.error = ManifestDiagnostic(
        file: file,
        message: error.code == EFBIG
          ? "the file is larger than \(Self.sizeLimit >> 20) MiB" : "cannot be read: \(error)")
      return new
    }
    guard let text = String(validating: octets, as: UTF8.self) else {
      new.error = ManifestDiagnostic(file: file, message: "the text is not UTF-8")
      return new
    }
    let read = ManifestText(text, file: file)
    new.error = read.error
    if read.error == nil {
      new.objects = read.objects
      new.notes = read.notes
    }
    return new
  }
}
