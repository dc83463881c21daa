import Configuration
import Foundation
import KubernetesTestKit

/// deploy/helm/announcer/values.schema.json: what is written by hand there, and `config` from the list of keys, so that
/// the chart knows every key of the daemon, and refuses every other one.
enum ChartSchema {
  static let path = "deploy/helm/announcer/values.schema.json"

  static var text: String {
    let there = try? Data(contentsOf: Page.root.appending(path: path))
    guard let there, var schema = try? JSON(parsing: there) else { return "" }
    schema["properties"]["config"] = config
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(schema) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static var config: JSON {
    section(below: "", "Every key of announcer.yaml(5) but those that differ from node to node.")
  }

  private static func section(below parent: String, _ meaning: String) -> JSON {
    let keys = ConfigurationReference.keys.filter { $0.parent == parent }
    var fields: [String: JSON] = [:]
    for key in keys { fields[key.name] = schema(of: key) }
    var section: JSON = [
      "type": "object", "additionalProperties": false, "description": .string(meaning),
      "properties": .object(fields),
    ]
    // Without a default, and without a meaning of its absence.
    let needed = keys.filter { $0.defaultText == nil && $0.defaultMeaning == nil }
    if !needed.isEmpty { section["required"] = .array(needed.map { .string($0.name) }) }
    return section
  }

  private static func schema(of key: ConfigurationKey) -> JSON {
    switch key.kind {
    case .section: return section(below: key.path, key.meaning)
    case .sections:
      return [
        "type": "array", "description": .string(key.meaning),
        "items": section(below: "\(key.path)[]", "One of them."),
      ]
    default:
      var schema = schema(of: key.kind)
      schema["description"] = .string(key.meaning)
      return schema
    }
  }

  private static func schema(of kind: ConfigurationKey.Kind) -> JSON {
    switch kind {
    case .list(let element): ["type": "array", "items": schema(of: element)]
    case .flag: ["type": "boolean"]
    case .path: ["type": "string", "pattern": "^/"]
    case .duration: ["type": "string", "pattern": "^[0-9]+(ms|s|m|h)$"]
    // Without quotes, these words reach a chart as true and false.
    case .choice(["off", "on"]): ["enum": ["off", "on", false, true]]
    case .choice(let words): ["enum": .array(words.map { .string($0) })]
    case .section, .sections, .text, .url, .pattern, .addresses: ["type": "string"]
    }
  }
}
