internal import Glibc
internal import LinuxSystem

/// Finds the installed unit in the directories that systemd reads, and puts together what it says.
///
/// By its files and not by asking systemd: that needs no process and no bus, and works where systemd does not run.
///
/// Source: systemd.unit(5), "Unit File Load Path".
package struct ServiceUnitReader: Sendable {
  /// Before every path; empty on a real system.
  private let root: String

  /// The first that has a file of a name hides the others.
  private static let directories = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system",
  ]
  /// Octets of a unit's file.
  private static let longest = 1 << 20

  package init(root: String = "") {
    self.root = root
  }

  /// Nil where it is not installed, masked, or cannot be read.
  package func read(_ name: String = "announcer.service") -> ServiceUnit? {
    let paths = Self.directories.map { "\(root)\($0)/\(name)" }
    guard let path = paths.first(where: { FileStamp($0) != nil }), let text = text(of: path) else {
      return nil
    }
    var unit = ServiceUnit()
    unit.read(text)
    for file in dropIns(of: name) {
      // What is masked by a link to /dev/null says nothing.
      if let text = self.text(of: file) { unit.read(text) }
    }
    return unit
  }

  /// In the order of their names, wherever they are.
  private func dropIns(of name: String) -> [String] {
    var files: [String: String] = [:]
    for directory in Self.directories {
      let path = "\(root)\(directory)/\(name).d"
      for entry in directoryEntries(path) ?? []
      where entry.hasSuffix(".conf") && files[entry] == nil {
        files[entry] = "\(path)/\(entry)"
      }
    }
    return files.sorted { $0.key < $1.key }.map(\.value)
  }

  private func text(of path: String) -> String? {
    (try? contentOfRegularFile(path, atMost: Self.longest)).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
