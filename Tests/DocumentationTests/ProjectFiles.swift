import Foundation

/// The files of the project that a page may name.
struct ProjectFiles {
  /// Of Swift files in Sources and Tests, from the root of the project.
  private let paths: [String]
  private let byName: [String: [String]]

  init() throws {
    paths = try ["Sources", "Tests"].flatMap { folder in
      try FileManager.default.subpathsOfDirectory(
        atPath: Page.root.appending(path: folder).path
      ).filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
    }
    byName = Dictionary(grouping: paths) { String($0.split(separator: "/").last ?? "") }
  }

  /// Whether there is a file of this name, without `.swift`.
  func has(type name: String) -> Bool { byName["\(name).swift"] != nil }

  /// Whether there is a file of this name, with or without the folders it lies in.
  func has(file path: String) -> Bool {
    if FileManager.default.fileExists(atPath: Page.root.appending(path: path).path) { return true }
    let name = String(path.split(separator: "/").last ?? "")
    return (byName[name] ?? []).contains { $0 == path || $0.hasSuffix("/\(path)") }
  }

  /// Whether a file of tests has this function: `GateTests/nothingIsSentFromTheDeadlineOn`.
  func has(test name: String) throws -> Bool {
    let parts = name.split(separator: "/")
    guard parts.count == 2 else { return false }
    return try (byName["\(parts[0]).swift"] ?? []).contains { path in
      try path.hasPrefix("Tests/")
        && String(contentsOf: Page.root.appending(path: path), encoding: .utf8)
          .contains("func \(parts[1])(")
    }
  }
}
