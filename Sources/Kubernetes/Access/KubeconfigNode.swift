internal import YAMLDocuments

/// A mapping in a kubeconfig, and its place for complaints.
///
/// Scalars are taken as they are written: a password `0123` is text, whatever YAML makes of it.
struct KubeconfigNode {
  let file: String
  let node: YAMLNode

  func fault(_ message: String, at other: Place? = nil) -> AccessFault {
    let place = other ?? node.place
    return AccessFault("\(file):\(place.line):\(place.column): \(message)")
  }

  func value(_ key: String) -> YAMLNode? {
    guard let value = node.mapping?[key], !value.isNull else { return nil }
    return value
  }

  func place(of key: String) -> Place? { value(key)?.place }

  /// Nil where it is missing, null or empty.
  func text(_ key: String) throws(AccessFault) -> String? {
    guard let value = value(key) else { return nil }
    guard let scalar = value.scalar else {
      throw fault("`\(key)`: text is expected here", at: value.place)
    }
    return scalar.text.isEmpty ? nil : scalar.text
  }

  func flag(_ key: String) throws(AccessFault) -> Bool {
    guard let value = value(key) else { return false }
    switch value.scalar?.text.lowercased() {
    case "true": return true
    case "false": return false
    default: throw fault("`\(key)`: true or false is expected here", at: value.place)
    }
  }

  func mapping(_ key: String) throws(AccessFault) -> KubeconfigNode? {
    guard let value = value(key) else { return nil }
    guard value.mapping != nil else {
      throw fault("`\(key)`: a mapping is expected here", at: value.place)
    }
    return KubeconfigNode(file: file, node: value)
  }

  func list(_ key: String) throws(AccessFault) -> [YAMLNode] {
    guard let value = value(key) else { return [] }
    guard let list = value.list else {
      throw fault("`\(key)`: a list is expected here", at: value.place)
    }
    return list
  }

  func mappings(_ key: String) throws(AccessFault) -> [KubeconfigNode] {
    try list(key).map { element throws(AccessFault) in
      guard element.mapping != nil else {
        throw fault("`\(key)`: a mapping is expected here", at: element.place)
      }
      return KubeconfigNode(file: file, node: element)
    }
  }

  func texts(_ key: String) throws(AccessFault) -> [String] {
    try list(key).map { element throws(AccessFault) in
      guard let scalar = element.scalar else {
        throw fault("`\(key)`: text is expected here", at: element.place)
      }
      return scalar.text
    }
  }
}
