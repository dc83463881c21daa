/// A label selector as it stands in a query: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
///
/// Source: Kubernetes, "Labels and Selectors", API.
struct LabelQuery: Sendable {
  private enum Requirement: Sendable {
    case among(String, Set<String>)
    case notAmong(String, Set<String>)
    case exists(String)
    case absent(String)
  }
  private var requirements: [Requirement] = []

  init(_ text: String) throws(APIError) {
    for part in Self.parts(of: text) {
      guard let requirement = Self.requirement(part) else {
        throw .badRequest("unable to parse requirement: found '\(part)'")
      }
      requirements.append(requirement)
    }
  }

  func selects(_ labels: [String: JSON]) -> Bool {
    requirements.allSatisfy { requirement in
      switch requirement {
      case .among(let key, let values): labels[key]?.string.map(values.contains) ?? false
      case .notAmong(let key, let values): !(labels[key]?.string.map(values.contains) ?? false)
      case .exists(let key): labels[key] != nil
      case .absent(let key): labels[key] == nil
      }
    }
  }

  /// Split at commas that are in no parentheses.
  private static func parts(of text: String) -> [String] {
    var parts: [String] = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map(trimmed).filter { !$0.isEmpty }
  }

  private static func requirement(_ part: String) -> Requirement? {
    if part.hasSuffix(")"), let open = part.firstIndex(of: "(") {
      let values = Set(
        part[part.index(after: open)...].dropLast().split(separator: ",").map { trimmed($0) })
      let words = part[..<open].split(separator: " ").map(String.init)
      guard words.count == 2, isKey(words[0]) else { return nil }
      switch words[1] {
      case "in": return .among(words[0], values)
      case "notin": return .notAmong(words[0], values)
      default: return nil
      }
    }
    for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
      guard let place = part.firstRange(of: sign) else { continue }
      let key = trimmed(part[..<place.lowerBound])
      let value = trimmed(part[place.upperBound...])
      guard isKey(key) else { return nil }
      return isEqual ? .among(key, [value]) : .notAmong(key, [value])
    }
    if part.hasPrefix("!") {
      let key = trimmed(part.dropFirst())
      return isKey(key) ? .absent(key) : nil
    }
    return isKey(part) ? .exists(part) : nil
  }

  private static func isKey(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
