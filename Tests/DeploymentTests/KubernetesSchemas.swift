import Foundation
import KubernetesTestKit
import Testing

/// The schemas of one version of Kubernetes: strict, so that a field which that version does not have is a fault.
///
/// Knows as much of JSON Schema as these schemas use.
struct KubernetesSchemas {
  let version: String
  private let definitions: [String: JSON]
  private let folder: URL

  /// Where `scripts/kubernetes-schemas` has put them, or `ANNOUNCER_KUBERNETES_SCHEMAS` says they are; nil if they are
  /// not there.
  static let directory: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let given = environment["ANNOUNCER_KUBERNETES_SCHEMAS"], !given.isEmpty { return given }
    let script = (try? Deployment.text("scripts/kubernetes-schemas")) ?? ""
    let version = script.firstMatch(of: /\nversion=(.+)\n/).map { String($0.1) } ?? ""
    let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
    let directory = "\(cache)/announcer/kubernetes-schemas-\(version)"
    return FileManager.default.fileExists(atPath: directory) ? directory : nil
  }()

  /// `1.25.0` and so on; empty without the schemas.
  static let versions: [String] =
    directory.flatMap {
      try? FileManager.default.contentsOfDirectory(atPath: $0).sorted()
    } ?? []

  init(_ version: String) throws {
    self.version = version
    folder = URL(filePath: Self.directory ?? "").appending(path: version)
    definitions = try JSON(
      parsing: Data(contentsOf: folder.appending(path: "_definitions.json")))["$defs"].object
  }

  /// What is wrong with an object, each with its path; a kind that this version does not have is a fault too.
  func faults(of object: JSON) -> [String] {
    // rbac.authorization.k8s.io/v1 is rbac-v1 in the names of the files.
    let version = object["apiVersion"].string ?? ""
    let parts = version.split(separator: "/").map(String.init)
    let group = parts.count == 2 ? "\(parts[0].prefix { $0 != "." })-" : ""
    let name = "\(object.kind.lowercased())-\(group)\(parts.last ?? "").json"
    guard let data = try? Data(contentsOf: folder.appending(path: name)),
      let schema = try? JSON(parsing: data)
    else { return ["there is no \(version) \(object.kind)"] }
    return faults(of: object, by: schema, at: object.kind)
  }

  private func faults(of value: JSON, by schema: JSON, at path: String) -> [String] {
    if let reference = schema["$ref"].string {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = definitions[name] else { return ["\(path): no schema \(name)"] }
      return faults(of: value, by: target, at: path)
    }
    let choices = schema["oneOf"].array
    if !choices.isEmpty {
      let fits = choices.contains { self.faults(of: value, by: $0, at: path).isEmpty }
      return fits ? [] : ["\(path): \(value.text) is of none of the types"]
    }
    let types = schema["type"].string.map { [$0] } ?? schema["type"].array.compactMap(\.string)
    guard types.isEmpty || !Self.types(of: value).isDisjoint(with: types) else {
      return ["\(path): \(value.text) is not of the type \(types.joined(separator: " or "))"]
    }
    var faults: [String] = []
    let words = schema["enum"].array
    if !words.isEmpty, !words.contains(value) { faults.append("\(path): \(value.text) is unknown") }
    for name in schema["required"].array.compactMap(\.string) where value.object[name] == nil {
      faults.append("\(path): \(name) is missing")
    }
    for (name, inner) in value.object.sorted(by: { $0.key < $1.key }) {
      let rest = schema["additionalProperties"]
      if let form = schema["properties"].object[name] {
        faults += self.faults(of: inner, by: form, at: "\(path).\(name)")
      } else if rest.isObject {
        faults += self.faults(of: inner, by: rest, at: "\(path).\(name)")
      } else if rest == false {
        faults.append("\(path).\(name): there is no such field")
      }
    }
    for (index, element) in value.array.enumerated() {
      faults += self.faults(of: element, by: schema["items"], at: "\(path)[\(index)]")
    }
    return faults
  }

  private static func types(of value: JSON) -> Set<String> {
    switch value {
    case .null: ["null"]
    case .bool: ["boolean"]
    case .int: ["integer", "number"]
    case .double: ["number"]
    case .string: ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test only where the schemas are; says visibly why it was skipped.
  static var needsKubernetesSchemas: Self {
    .enabled(
      if: !KubernetesSchemas.versions.isEmpty,
      "skipped: no schemas: scripts/kubernetes-schemas fetches them, ANNOUNCER_KUBERNETES_SCHEMAS says where they are"
    )
  }
}
