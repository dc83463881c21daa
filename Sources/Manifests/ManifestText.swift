internal import Cluster
internal import KubernetesObjects
internal import YAMLKeys
internal import Yams

/// `Cluster` has nodes as well.
private typealias YAMLNode = Yams.Node

/// The objects in one file: any number of YAML documents, or JSON, which is YAML as well.
struct ManifestText {
  /// With the line each begins on.
  private(set) var objects: [(object: ClusterObject, line: Int)] = []
  private(set) var notes: [ManifestDiagnostic] = []
  /// Why the text as a whole does not count; nil where it does.
  private(set) var error: ManifestDiagnostic?

  private let file: String
  /// Aliases make a small text a large list.
  private var objectsLeft = 100_000
  /// Lists of lists of lists have no use.
  private static let depthLimit = 4

  init(_ text: String, file: String) {
    self.file = file
    if let place = YAMLKeys.placeOfComplexKeyWithAliases(in: text) {
      error = ManifestDiagnostic(
        file: file, line: place.line, column: place.column,
        message: "a key must be plain text; write it out, without anchors or aliases")
      return
    }
    do {
      // Plain words stay text: `on` may be a label's key or value.
      let parser = try Parser(
        yaml: text, resolver: Resolver.basic.appending(.merge), encoding: .utf8)
      while let root = try parser.nextRoot() {
        guard !Self.isNull(root) else { continue }
        try read(root, depth: 0)
      }
    } catch let fault as ManifestDiagnostic.Fault {
      error = fault.diagnostic
    } catch {
      self.error = Self.diagnostic(for: error, in: file)
    }
    if error != nil { objects = [] }
  }

  private mutating func read(_ node: YAMLNode, depth: Int) throws {
    guard case .mapping(let mapping) = node else {
      throw fault("an object is expected here: a mapping with `apiVersion` and `kind`", at: node)
    }
    let type: ObjectType = try decode(ObjectType.self, from: node)
    guard !type.kind.isEmpty else {
      throw fault("`kind` is missing; write for instance `kind: Service`", at: node)
    }
    guard !type.apiVersion.isEmpty else {
      throw fault("`apiVersion` is missing; write for instance `apiVersion: v1`", at: node)
    }
    if type.isList { return try readItems(of: mapping, type, at: node, depth: depth) }
    guard let kind = type.known else {
      note("\(type.kind) of \(type.apiVersion) is passed over\(Self.hint(type))", at: node)
      return
    }
    objectsLeft -= 1
    guard objectsLeft >= 0 else { throw fault("more than 100000 objects in one file", at: node) }
    let line = node.mark?.line ?? 1
    let form = try decode(kind.form, from: node)
    guard form.metadata.name?.isEmpty == false else {
      throw fault("`metadata.name` is missing", at: node)
    }
    objects.append((form.object(place: "\(file):\(line)"), line))
  }

  /// The elements of `List` say what they are; those of a `ServiceList` may leave it to the list.
  private mutating func readItems(
    of mapping: YAMLNode.Mapping, _ type: ObjectType, at node: YAMLNode, depth: Int
  ) throws {
    guard depth < Self.depthLimit else { throw fault("lists in lists, too deep", at: node) }
    guard let items = mapping["items"], !Self.isNull(items) else { return }
    guard case .sequence(let sequence) = items else {
      throw fault("a list is expected here", at: items)
    }
    for item in sequence {
      guard case .mapping(var element) = item else {
        throw fault("an object is expected here", at: item)
      }
      if type.kind != "List" {
        if element["kind"] == nil { element["kind"] = YAMLNode(String(type.kind.dropLast(4))) }
        if element["apiVersion"] == nil { element["apiVersion"] = YAMLNode(type.apiVersion) }
      }
      try read(.mapping(element), depth: depth + 1)
    }
  }

  private func decode<Value: Decodable>(_ type: Value.Type, from node: YAMLNode) throws -> Value {
    do {
      return try YAMLDecoder().decode(type, from: node)
    } catch let error as DecodingError {
      // The place of the deepest value that the path leads to.
      let (path, _) = error.pathAndMessage
      var place = node
      for key in path {
        guard let next = key.intValue.map({ place.sequence?[safe: $0] }) ?? place[key.stringValue]
        else { break }
        place = next
      }
      throw fault(error.words, at: place.mark == nil ? node : place)
    }
  }

  private mutating func note(_ message: String, at node: YAMLNode) {
    notes.append(
      ManifestDiagnostic(
        file: file, line: node.mark?.line, column: node.mark?.column, message: message))
  }

  private func fault(_ message: String, at node: YAMLNode) -> ManifestDiagnostic.Fault {
    ManifestDiagnostic.Fault(
      diagnostic: ManifestDiagnostic(
        file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message: message))
  }

  /// The kind is one of ours, and its version is not: most likely a slip.
  private static func hint(_ type: ObjectType) -> String {
    guard let kind = ClusterObject.Kind(rawValue: type.kind) else { return "" }
    return ": \(type.kind) is read from \(ObjectType.versions(of: kind).joined(separator: " and "))"
  }

  private static func isNull(_ node: YAMLNode) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }
}

extension ManifestDiagnostic {
  /// Carries a diagnostic to where the reading of the file began.
  fileprivate struct Fault: Error {
    let diagnostic: ManifestDiagnostic
  }
}

extension ManifestText {
  fileprivate static func diagnostic(for error: any Error, in file: String) -> ManifestDiagnostic {
    var (line, column): (Int?, Int?)
    let message: String
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      (line, column) = (mark.line, mark.column)
      let within = context.map { " \($0.text) that begins on line \($0.mark.line)" } ?? ""
      message = "this is not YAML: \(problem)\(within)"
    case YamlError.duplicatedKeysInMapping(let names, let context):
      (line, column) = (context.mark.line, context.mark.column)
      message = "the key `\(names.first ?? "")` is written twice; keep one of them"
    case YamlError.reader(let problem, _, _, _): message = "this is not YAML: \(problem)"
    default: message = "this is not YAML: \(error)"
    }
    return ManifestDiagnostic(file: file, line: line, column: column, message: message)
  }
}

extension YAMLNode.Sequence {
  fileprivate subscript(safe index: Int) -> YAMLNode? {
    indices.contains(index) ? self[index] : nil
  }
}
