internal import Yams

/// A mapping in a kubeconfig, and its place for complaints.
///
/// Scalars are taken as they are written: a password `0123` is text, whatever YAML makes of it.
struct KubeconfigNode {
  let file: String
  let node: Node

  func fault(_ message: String, at other: Node? = nil) -> AccessFault {
    guard let mark = (other ?? node).mark else { return AccessFault("\(file): \(message)") }
    return AccessFault("\(file):\(mark.line):\(mark.column): \(message)")
  }

  private func value(_ key: String) -> Node? {
    guard let value = node.mapping?[key], !Self.isNull(value) else { return nil }
    return value
  }

  func place(of key: String) -> Node? { value(key) }

  /// Nil where it is missing, null or empty.
  func text(_ key: String) throws(AccessFault) -> String? {
    guard let value = value(key) else { return nil }
    guard let scalar = value.scalar else {
      throw fault("`\(key)`: text is expected here", at: value)
    }
    return scalar.string.isEmpty ? nil : scalar.string
  }

  func flag(_ key: String) throws(AccessFault) -> Bool {
    guard let value = value(key) else { return false }
    switch value.scalar?.string.lowercased() {
    case "true": return true
    case "false": return false
    default: throw fault("`\(key)`: true or false is expected here", at: value)
    }
  }

  func mapping(_ key: String) throws(AccessFault) -> KubeconfigNode? {
    guard let value = value(key) else { return nil }
    guard value.mapping != nil else {
      throw fault("`\(key)`: a mapping is expected here", at: value)
    }
    return KubeconfigNode(file: file, node: value)
  }

  func list(_ key: String) throws(AccessFault) -> [Node] {
    guard let value = value(key) else { return [] }
    guard let sequence = value.sequence else {
      throw fault("`\(key)`: a list is expected here", at: value)
    }
    return Array(sequence)
  }

  func mappings(_ key: String) throws(AccessFault) -> [KubeconfigNode] {
    try list(key).map { element throws(AccessFault) in
      guard element.mapping != nil else {
        throw fault("`\(key)`: a mapping is expected here", at: element)
      }
      return KubeconfigNode(file: file, node: element)
    }
  }

  func texts(_ key: String) throws(AccessFault) -> [String] {
    try list(key).map { element throws(AccessFault) in
      guard let scalar = element.scalar else {
        throw fault("`\(key)`: text is expected here", at: element)
      }
      return scalar.string
    }
  }

  static func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }
}
