internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Which files the configured paths mean, and which directories tell of changes to them.
struct ManifestFiles {
  /// In the order of the paths, those of a directory by name; each once.
  private(set) var files: [String] = []
  /// Directories to watch: where a file, or a path that is not there yet, would appear.
  private(set) var directories: Set<String> = []
  /// Paths at which there is nothing.
  private(set) var missing: [String] = []
  /// The directory among the paths that a file was found in; none for a file that is such a path itself.
  private(set) var homes: [String: String] = [:]
  /// Directories among the paths whose files are known.
  private(set) var listed: [String] = []
  /// Directories that cannot be listed.
  private(set) var errors: [ManifestDiagnostic] = []

  /// Editors' and packages' left-overs (`web.yaml~`, `web.yaml.dpkg-old`) have other endings.
  private static let endings = [".yaml", ".yml", ".json"]

  init(_ paths: [String]) {
    for path in paths {
      watchAncestors(of: path)
      guard let stamp = FileStamp(path) else {
        missing.append(path)
        continue
      }
      guard stamp.isDirectory else {
        add(path)
        continue
      }
      directories.insert(path)
      guard let entries = directoryEntries(path) else {
        errors.append(
          ManifestDiagnostic(
            file: path,
            message: "the directory cannot be listed: \(SystemError(call: "opendir", code: errno))")
        )
        continue
      }
      listed.append(path)
      for name in entries.sorted()
      where !name.hasPrefix(".") && Self.endings.contains(where: name.lowercased().hasSuffix) {
        let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
        if FileStamp(file)?.isDirectory != true {
          add(file)
          homes[file] = path
        }
      }
    }
  }

  private mutating func add(_ file: String) {
    if !files.contains(file) { files.append(file) }
    // Where the content really is: a link's own directory says nothing about it.
    if let target = Self.target(of: file) { directories.insert(Self.parent(of: target)) }
  }

  /// The directories above a path that are there: one of them will see it come, or come back.
  private mutating func watchAncestors(of path: String) {
    var parent = Self.parent(of: path)
    while FileStamp(parent)?.isDirectory != true, parent != "/" {
      parent = Self.parent(of: parent)
    }
    directories.insert(parent)
  }

  private static func parent(of path: String) -> String {
    var trimmed = path[...]
    while trimmed.hasSuffix("/"), trimmed.count > 1 { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  private static func target(of file: String) -> String? {
    guard let path = unsafe realpath(file, nil) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }
}

/// The files that configured paths mean by now.
package func manifestFiles(in paths: [String]) -> [String] { ManifestFiles(paths).files }
