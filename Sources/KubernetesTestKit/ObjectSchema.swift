internal import FoundationEssentials

/// What a CustomResourceDefinition says of its objects, and what a server does with it: fields that the schema does
/// not have are dropped, defaults are filled in, and the rest is checked.
///
/// Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema`, as far as the definitions in `deploy/crds` use it.
struct ObjectSchema: Sendable {
  private let schema: JSON

  init(_ schema: JSON) { self.schema = schema }

  private subscript(_ keyword: String) -> JSON { schema[keyword] }

  /// The schema of a field; nil if there is none.
  private func field(_ name: String) -> ObjectSchema? {
    let form = self["properties"].object[name] ?? self["additionalProperties"]
    return form.isObject ? ObjectSchema(form) : nil
  }

  /// The value without unknown fields, and with the defaults of those that are not there.
  func completed(_ value: JSON) -> JSON {
    switch value {
    case .array(let elements):
      let items = ObjectSchema(self["items"])
      return .array(elements.map { items.completed($0) })
    case .object(let fields):
      // `metadata` of the object itself: its fields are the server's own.
      guard self["properties"].isObject || self["additionalProperties"].isObject else {
        return value
      }
      var completed: [String: JSON] = [:]
      for (name, value) in fields { completed[name] = field(name)?.completed(value) }
      for (name, form) in self["properties"].object
      where completed[name] == nil && form["default"] != .null {
        completed[name] = form["default"]
      }
      return .object(completed)
    default: return value
    }
  }

  /// - Parameter path: of the value: `spec.blocks.cidr`; empty for the object itself.
  func faults(of value: JSON, at path: String = "") -> [FieldFault] {
    guard let type = self["type"].string, Self.types(of: value).contains(type) else {
      return [
        .invalid(
          path, value.text, "\(path) in body must be of type \(self["type"].string ?? "nothing")")
      ]
    }
    var faults: [FieldFault] = []
    for required in self["required"].array {
      guard let name = required.string, value.object[name] == nil else { continue }
      faults.append(.required(Self.join(path, name)))
    }
    for (name, inner) in value.object.sorted(by: { $0.key < $1.key }) {
      faults += field(name)?.faults(of: inner, at: Self.join(path, name)) ?? []
    }
    let items = ObjectSchema(self["items"])
    for element in value.array { faults += items.faults(of: element, at: path) }
    if let text = value.string { faults += textFaults(text, path) }
    if let least = self["minimum"].int, let number = value.int, number < least {
      faults.append(
        .invalid(path, value.text, "\(path) in body should be greater than or equal to \(least)"))
    }
    return faults
  }

  private func textFaults(_ text: String, _ path: String) -> [FieldFault] {
    var words: [String] = []
    let possible = self["enum"].array
    if !possible.isEmpty, !possible.contains(.string(text)) {
      words.append("supported values: \(possible.map(\.text).joined(separator: ", "))")
    }
    if let least = self["minLength"].int, text.unicodeScalars.count < least {
      words.append("\(path) in body should be at least \(least) chars long")
    }
    if let most = self["maxLength"].int, text.unicodeScalars.count > most {
      words.append("\(path) in body should be at most \(most) chars long")
    }
    if let pattern = self["pattern"].string, !Self.matches(text, pattern) {
      words.append("\(path) in body should match '\(pattern)'")
    }
    if let format = self["format"].string, !Self.isFormed(text, format) {
      words.append("\(path) in body must be of type \(format): \"\(text)\"")
    }
    return words.map { .invalid(path, "\"\(text)\"", $0) }
  }

  private static func types(of value: JSON) -> [String] {
    switch value {
    case .null: []
    case .bool: ["boolean"]
    case .int: ["integer", "number"]
    case .double: ["number"]
    case .string: ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }

  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let expression = try? Regex(pattern) else { return false }
    return text.contains(expression)
  }

  private static func isFormed(_ text: String, _ format: String) -> Bool {
    switch format {
    case "date-time": (try? Date(text, strategy: .iso8601)) != nil || APIKind.isMicroTime(text)
    case "cidr": isPrefix(text)
    default: true
    }
  }

  /// `192.0.2.0/24`, `2001:db8::/32`.
  private static func isPrefix(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let length = Int(parts[1]) else { return false }
    if parts[0].contains(":") {
      return (0...128).contains(length)
        && parts[0].allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return (0...32).contains(length) && numbers.count == 4
      && numbers.allSatisfy { UInt8($0) != nil }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
