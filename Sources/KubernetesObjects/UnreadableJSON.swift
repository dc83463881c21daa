/// JSON that is none, or not what it should be: where, and what is the matter.
package struct UnreadableJSON: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  static func catching<Value>(_ body: () throws -> Value) throws(UnreadableJSON) -> Value {
    do {
      return try body()
    } catch {
      throw UnreadableJSON(description: error.words)
    }
  }
}

extension Error {
  /// What a decoder has to complain of, in one line: `spec.externalIPs[0]: text is expected here`.
  package var words: String {
    guard let error = self as? DecodingError else { return "\(self)" }
    let (path, message) = error.pathAndMessage
    let text = path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text.isEmpty ? message : "\(text): \(message)"
  }
}

extension DecodingError {
  /// Where, and what is the matter.
  package var pathAndMessage: ([any CodingKey], String) {
    switch self {
    case .typeMismatch(let type, let context):
      (context.codingPath, "\(Self.name(of: type)) is expected here")
    case .valueNotFound(let type, let context):
      (context.codingPath, "\(Self.name(of: type)) is expected here, not null")
    case .keyNotFound(let key, let context):
      (context.codingPath, "`\(key.stringValue)` is missing")
    case .dataCorrupted(let context):
      (
        context.codingPath,
        context.codingPath.isEmpty ? "this is not JSON" : "this cannot be read"
      )
    @unknown default: ([], "\(self)")
    }
  }

  /// A decoder names the Swift type; people know YAML's words.
  private static func name(of type: Any.Type) -> String {
    let name = "\(type)"
    if type == String.self { return "text" }
    if type == Bool.self { return "true or false" }
    if type == Int64.self { return "a number" }
    if name.hasPrefix("Array") || name.hasPrefix("Sequence") { return "a list" }
    if name == "Scalar" { return "one value" }
    return "a mapping of keys"
  }
}
