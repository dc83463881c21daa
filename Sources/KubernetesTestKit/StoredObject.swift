/// One version of an object as the test server keeps it.
final class StoredObject: Sendable {
  /// All of it but `apiVersion` and `kind`, which depend on the version it is asked for in.
  let json: JSON
  let name: String
  /// Empty where the kind has none.
  let namespace: String
  let version: UInt64
  /// `json`, written once for everybody who reads it.
  let bytes: [UInt8]

  init(_ json: JSON, version: UInt64) {
    var json = json
    json["apiVersion"] = .null
    json["kind"] = .null
    json["metadata"]["resourceVersion"] = .string("\(version)")
    self.json = json
    self.version = version
    name = json["metadata"]["name"].string ?? ""
    namespace = json["metadata"]["namespace"].string ?? ""
    bytes = json.bytes
  }

  var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
  var labels: [String: JSON] { json["metadata"]["labels"].object }
  var uid: String { json["metadata"]["uid"].string ?? "" }

  /// As it is sent.
  ///
  /// - Parameter isNamed: with `apiVersion` and `kind`, which the elements of a list of a built-in kind lack.
  func bytes(of kind: APIKind, _ version: String, isNamed: Bool = true) -> [UInt8] {
    var bytes = self.bytes
    if kind.isConverted(version) { bytes = kind.served(json, version).bytes }
    guard isNamed else { return bytes }
    // Every object has metadata at least.
    return Array("{\"apiVersion\":\"\(kind.apiVersion(version))\",\"kind\":\"\(kind.kind)\",".utf8)
      + bytes.dropFirst()
  }
}

/// What an object is called within its kind.
struct ObjectKey: Hashable, Comparable, Sendable {
  var namespace: String
  var name: String

  /// The order of lists.
  static func < (a: ObjectKey, b: ObjectKey) -> Bool {
    (a.namespace, a.name) < (b.namespace, b.name)
  }
}
