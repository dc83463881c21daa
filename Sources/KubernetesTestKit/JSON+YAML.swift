internal import YAMLDocuments

extension JSON {
  /// The documents of a YAML text, as kubectl would send them.
  package static func documents(yaml text: String) throws -> [JSON] {
    var reader = try YAMLReader(YAMLText(text))
    var documents: [JSON] = []
    while let node = try reader.next() { documents.append(JSON(node)) }
    return documents
  }

  private init(_ node: YAMLNode) {
    self =
      switch node.content {
      case .list(let list): .array(list.map { JSON($0) })
      case .mapping(let mapping):
        .object(Dictionary(uniqueKeysWithValues: mapping.entries.map { ($0.name, JSON($0.value)) }))
      case .scalar(let scalar):
        if !scalar.isPlain {
          .string(scalar.text)
        } else if node.isNull {
          .null
        } else if scalar.text == "true" || scalar.text == "false" {
          .bool(scalar.text == "true")
        } else if let number = Int64(scalar.text) {
          .int(number)
        } else {
          .string(scalar.text)
        }
      }
  }
}
