/// A YAML mapping as the texts of its top-level keys, so that one page's blocks can build on each other.
struct YAMLParts {
  private var parts: [(key: String, text: String)] = []

  init(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let first = line.first, first.isLetter, let colon = line.firstIndex(of: ":") {
        parts.append((String(line[..<colon]), "\(line)\n"))
      } else if !parts.isEmpty, !line.isEmpty {
        parts[parts.count - 1].text += "\(line)\n"
      }
    }
  }

  /// With the keys of another, which replace its own.
  func merging(_ other: YAMLParts) -> YAMLParts {
    var result = self
    for part in other.parts {
      if let index = result.parts.firstIndex(where: { $0.key == part.key }) {
        result.parts[index] = part
      } else {
        result.parts.append(part)
      }
    }
    return result
  }

  var text: String { parts.map(\.text).joined() }
}
