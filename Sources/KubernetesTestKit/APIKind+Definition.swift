internal import FoundationEssentials

extension APIKind {
  /// The CustomResourceDefinition of a custom kind as `deploy/crds` has it, with the versions of this kind.
  ///
  /// - Throws: `TestClusterError` for a version that the file does not have.
  func definition() throws -> JSON {
    var definition = Self.shipped(plural)
    let shipped = definition["spec"]["versions"].array
    definition["spec"]["versions"] = .array(
      try versions.enumerated().map { index, version in
        guard var form = shipped.first(where: { $0["name"].string == version }) else {
          throw TestClusterError("deploy/crds/\(plural).yaml has no version \(version)")
        }
        form["storage"] = .bool(index == 0)
        return form
      })
    return definition
  }

  /// What the shipped definition of a custom kind says of the fields of its objects; nil for other kinds.
  var schema: ObjectSchema? { isCustom ? Self.schemas[plural] : nil }

  /// The definition in `deploy/crds`, as kubectl would send it.
  package static func shipped(_ plural: String) -> JSON { definitions[plural] ?? .null }

  private static let definitions: [String: JSON] = {
    var definitions: [String: JSON] = [:]
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../deploy/crds")
    for kind in [APIKind.policy(), .pool()] {
      let file = folder.appending(path: "\(kind.plural).yaml")
      do {
        let text = try String(contentsOf: file, encoding: .utf8)
        definitions[kind.plural] = try JSON.documents(yaml: text).first
      } catch {
        preconditionFailure("\(file.path): \(error)")
      }
    }
    return definitions
  }()

  private static let schemas: [String: ObjectSchema] = definitions.mapValues {
    ObjectSchema($0["spec"]["versions"].array.first?["schema"]["openAPIV3Schema"] ?? .null)
  }
}
