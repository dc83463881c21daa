import YAMLDocuments

/// Texts of YAML and JSON: any octets are read or refused, and what is read is written as something that
/// reads as the same again.
func fuzz(_ input: Span<UInt8>) {
  do {
    var reader = try YAMLReader(YAMLText(octets(input)))
    while let document = try reader.next() {
      guard let again = try YAMLReader.document(YAMLText(document.yamlText)) else {
        fatalError("written as nothing: \(document)")
      }
      precondition(bare(again) == bare(document), document.yamlText)
      _ = try? document.decode([String: String?].self)
    }
  } catch let fault as YAMLFault {
    precondition(!fault.words.isEmpty)
  } catch {
    fatalError("\(error)")
  }
}

/// What a node says, without its places and ways of quoting.
private func bare(_ node: YAMLNode) -> String {
  switch node.content {
  case .scalar(let scalar): node.isNull ? "~" : "<\(scalar.text)>"
  case .list(let list): "[\(list.map(bare).joined(separator: ","))]"
  case .mapping(let mapping):
    "{\(mapping.entries.map { "<\($0.name)>\(bare($0.value))" }.joined(separator: ","))}"
  }
}
