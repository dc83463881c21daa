internal import Cluster
internal import KubernetesObjects
internal import YAMLDocuments

/// The objects in one file: any number of YAML documents or of JSON values.
struct ManifestText {
  /// With the line each begins on; none where there is an error, since the file counts as a whole.
  private(set) var objects: [(object: ClusterObject, line: Int)] = []
  private(set) var notes: [ManifestDiagnostic] = []
  /// Why the text does not count, each fault that can be told apart.
  private(set) var errors: [ManifestDiagnostic] = []
  /// The kinds of which there may be objects in the text, understood or not.
  private(set) var kinds: Set<ClusterObject.Kind> = []

  private let file: String
  /// Lists of lists of lists have no use.
  private static let depthLimit = 4
  /// Nobody reads more faults than this in one go.
  private static let errorLimit = 50

  init(_ octets: [UInt8], file: String) {
    self.file = file
    do throws(YAMLFault) {
      var reader = try YAMLReader(YAMLText(octets))
      while let root = try reader.next() { read(root, depth: 0) }
    } catch {
      kinds = Set(ClusterObject.Kind.allCases)
      errors.append(
        ManifestDiagnostic(
          file: file, line: error.place?.line, column: error.place?.column, message: error.words))
    }
    if !errors.isEmpty { objects = [] }
  }

  private mutating func read(_ node: YAMLNode, depth: Int) {
    switch node.content {
    case .mapping(let mapping): read(mapping, node, depth: depth)
    case .list(let list):
      // Objects without a list's head around them, as `jq '.items'` leaves them.
      readItems(list, of: nil, at: node, depth: depth)
    case .scalar:
      failOnAnything(
        "an object is expected here: a mapping with `apiVersion` and `kind`", at: node.place)
    }
  }

  private mutating func read(_ mapping: YAMLMapping, _ node: YAMLNode, depth: Int) {
    let type: ObjectType
    do throws(YAMLFault) {
      type = try Self.decode(ObjectType.self, from: node)
    } catch {
      return failOnAnything(error.message, at: error.place ?? node.place)
    }
    // Which of the two is meant, and so what the object is, nobody knows.
    for repetition in mapping.repetitions
    where ["apiVersion", "kind", "items"].contains(repetition.entry.name) {
      return failOnAnything(Self.words(repetition), at: repetition.entry.place)
    }
    if type.apiVersion.isEmpty || type.kind.isEmpty { return readUntyped(mapping, type, node) }
    guard type.kind.utf8.allSatisfy(Self.isOfKind) else {
      return failOnAnything(
        "`kind: \(type.kind)` is not a kind: is the file encrypted, or a template?", at: node.place)
    }
    if type.isList {
      guard let items = mapping["items"], !items.isNull else { return }
      guard let list = items.list else {
        return failOnAnything("a list is expected here", at: items.place)
      }
      return readItems(list, of: type, at: node, depth: depth)
    }
    guard let kind = type.known else { return readUnknown(type, node) }
    kinds.insert(kind)
    if let repetition = node.firstRepetition {
      return fail(Self.words(repetition), at: repetition.entry.place)
    }
    if let fault = ManifestCheck(kind: kind).fault(in: mapping) {
      return fail(fault.words, at: fault.place ?? node.place)
    }
    do throws(YAMLFault) {
      let form = try Self.decode(kind.form, from: node)
      guard form.metadata.name?.isEmpty == false else {
        throw YAMLFault("`metadata.name` is missing", at: node.place)
      }
      let line = node.place.line
      objects.append((form.object(place: "\(file):\(line)"), line))
    } catch {
      fail(error.message, at: error.place ?? node.place)
    }
  }

  /// What has none of an object's fields is another program's file, such as a kustomization or the values of
  /// a chart. What has some of them is an object that lacks the others.
  private mutating func readUntyped(_ mapping: YAMLMapping, _ type: ObjectType, _ node: YAMLNode) {
    let isOther = !type.kind.isEmpty && type.slip == nil && type.kind.utf8.allSatisfy(Self.isOfKind)
    let isObject =
      !type.kind.isEmpty || mapping["metadata"] != nil || mapping["spec"]?.mapping != nil
    let names = mapping.entries.filter {
      ["kind", "apiversion"].contains($0.name.lowercased().filter { $0 != " " })
        && $0.name != "kind" && $0.name != "apiVersion"
    }
    if let entry = names.first {
      return failOnAnything(
        "`\(entry.name)` is not a key of an object: this is a description for people, or a slip; write "
          + "`apiVersion` and `kind`", at: entry.place)
    }
    guard isObject, !isOther else {
      return note(
        "this is not a Kubernetes object, which has `apiVersion` and `kind`: it is passed over",
        at: node)
    }
    if type.kind.isEmpty {
      return failOnAnything(
        "`kind` is missing; write for instance `kind: Service`", at: node.place)
    }
    if let (kind, _) = type.slip { kinds.insert(kind) }
    fail("`apiVersion` is missing; write for instance `apiVersion: v1`", at: node.place)
  }

  /// A kind that is not ours is passed over. One that is ours but for a slip is an error: a policy that is
  /// not understood may leave out what is announced without it.
  private mutating func readUnknown(_ type: ObjectType, _ node: YAMLNode) {
    guard let (kind, remedy) = type.slip else {
      return note("\(type.kind) of \(type.apiVersion) is passed over", at: node)
    }
    kinds.insert(kind)
    fail("\(type.kind) of \(type.apiVersion) is not known; \(remedy)", at: node.place)
  }

  /// The elements of `List` say what they are; those of a `ServiceList` may leave it to the list.
  ///
  /// - Parameter type: of the list; nil for a bare one.
  private mutating func readItems(
    _ list: [YAMLNode], of type: ObjectType?, at node: YAMLNode, depth: Int
  ) {
    guard depth < Self.depthLimit else {
      return failOnAnything("lists in lists, too deep", at: node.place)
    }
    for item in list {
      guard var element = item.mapping else {
        failOnAnything("an object is expected here", at: item.place)
        continue
      }
      if let type, type.kind != "List" {
        element.add(default: String(type.kind.dropLast(4)), for: "kind", at: item.place)
        element.add(default: type.apiVersion, for: "apiVersion", at: item.place)
      }
      read(YAMLNode(element, at: item.place), depth: depth + 1)
    }
  }

  private static func words(_ repetition: YAMLMapping.Repetition) -> String {
    "the key `\(repetition.entry.name)` is written twice, first on line \(repetition.first.line); keep one "
      + "of them"
  }

  /// Kinds are identifiers: `Service`, `HTTPRoute`.
  private static func isOfKind(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, from node: YAMLNode
  ) throws(YAMLFault) -> Value {
    do {
      return try node.decode(type)
    } catch {
      let path = (error as? DecodingError)?.pathAndMessage.0 ?? []
      throw YAMLFault(error.words, at: node.deepest(along: path).place)
    }
  }

  private mutating func note(_ message: String, at node: YAMLNode) {
    notes.append(
      ManifestDiagnostic(
        file: file, line: node.place.line, column: node.place.column, message: message))
  }

  private mutating func fail(_ message: String, at place: Place) {
    guard errors.count < Self.errorLimit else { return }
    errors.append(
      ManifestDiagnostic(file: file, line: place.line, column: place.column, message: message))
  }

  /// A fault of something that may have been meant as an object of any kind.
  private mutating func failOnAnything(_ message: String, at place: Place) {
    kinds = Set(ClusterObject.Kind.allCases)
    fail(message, at: place)
  }
}

extension YAMLMapping {
  fileprivate mutating func add(default text: String, for name: String, at place: Place) {
    guard self[name] == nil else { return }
    append(Entry(name, YAMLNode(.init(text, isPlain: false), at: place), at: place))
  }
}

extension ObjectType {
  /// The kind that was most likely meant, and what would be right; nil for an object that is somebody else's.
  ///
  /// Others have kinds called Service and Node too (`serving.knative.dev`, `longhorn.io`): only a version
  /// that names no group of its own is a slip there.
  fileprivate var slip: (kind: ClusterObject.Kind, remedy: String)? {
    let words = ClusterObject.Kind.allCases.map(\.rawValue)
    guard let word = NearestWord.find(kind, in: words),
      let meant = ClusterObject.Kind(rawValue: word)
    else { return nil }
    let versions = Self.versions(of: meant)
    let groups = Set(versions.map(Self.group))
    let isExact = word == kind
    let group = Self.group(apiVersion)
    let isOurGroup =
      apiVersion.isEmpty || groups.contains(group)
      || !group.isEmpty
        && groups.contains { !$0.isEmpty && NearestWord.find(group, in: [$0]) != nil }
      || meant == .policy || meant == .pool
    guard isOurGroup else { return nil }
    return (
      meant,
      isExact
        ? "\(word) is read from \(versions.joined(separator: " and "))"
        : "did you mean `kind: \(word)`?"
    )
  }

  /// `cilium.io` of `cilium.io/v2`; empty for the core group.
  private static func group(_ version: String) -> String {
    version.contains("/") ? String(version.prefix { $0 != "/" }) : ""
  }
}
