internal import FoundationEssentials

/// Reads at a version, page by page.
///
/// Source: Kubernetes API concepts, "Resource versions" and "Retrieving large results sets in chunks".
extension ObjectStore {
  /// What a list is asked for with.
  struct ListQuery {
    /// Empty for all.
    var namespace = ""
    var selector: LabelQuery?
    var name: String?
    /// As sent; nil and empty are the same.
    var resourceVersion = ""
    var match = ""
    /// 0 for no limit.
    var limit = 0
    var continuation = ""
  }

  struct Page {
    let objects: ArraySlice<StoredObject>
    let version: UInt64
    /// Empty on the last.
    let continuation: String
    /// How many there are behind this page; nil where a selector keeps the server from knowing.
    let remaining: Int?
  }

  func page(_ query: ListQuery, of kind: APIKind) throws(APIError) -> Page {
    var past: UInt64?
    var start: ObjectKey?
    let asked = try Self.version(query.resourceVersion)
    if !query.continuation.isEmpty {
      guard query.resourceVersion.isEmpty || asked == 0 else {
        throw .badRequest("specifying resource version is not allowed when using continue")
      }
      let token = try Continuation(query.continuation)
      guard token.version >= compacted else {
        throw .expired(
          "The provided continue parameter is too old to display a consistent list result. You can "
            + "start a new list without the continue parameter.")
      }
      past = token.version
      start = ObjectKey(namespace: token.namespace, name: token.name)
    } else if asked > version {
      throw .tooLarge(asked, current: version)
    } else if query.match == "Exact" || (query.match.isEmpty && asked > 0 && query.limit > 0) {
      guard asked >= compacted else { throw Self.tooOld(asked, compacted) }
      past = asked
    }
    // What comes from the server's own cache comes whole.
    let limit = asked == 0 && query.resourceVersion == "0" ? 0 : query.limit
    var found = all(of: kind, at: past).filter { object in
      (query.namespace.isEmpty || object.namespace == query.namespace)
        && (query.name.map { $0 == object.name } ?? true)
        && (query.selector?.selects(object.labels) ?? true)
    }[...]
    if let start { found = found.drop { $0.key < start } }
    guard limit > 0, found.count > limit else {
      return Page(
        objects: found, version: past ?? version, continuation: "", remaining: nil)
    }
    let rest = found.dropFirst(limit)
    let next = Continuation(version: past ?? version, rest[rest.startIndex].key)
    return Page(
      objects: found.prefix(limit), version: past ?? version, continuation: next.text,
      remaining: query.selector == nil ? rest.count : nil)
  }

  /// A version as a query has it; 0 for none.
  static func version(_ text: String) throws(APIError) -> UInt64 {
    guard !text.isEmpty else { return 0 }
    guard let version = UInt64(text) else {
      throw APIError(
        500, "",
        "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing "
          + "\"\(text)\": invalid syntax")
    }
    return version
  }

  static func tooOld(_ asked: UInt64, _ oldest: UInt64) -> APIError {
    .expired("too old resource version: \(asked) (\(oldest))")
  }
}

/// Where the next page of a list begins, and at which version; opaque to clients.
private struct Continuation {
  let version: UInt64
  let namespace: String
  let name: String

  init(version: UInt64, _ next: ObjectKey) {
    self.version = version
    namespace = next.namespace
    name = next.name
  }

  init(_ text: String) throws(APIError) {
    let parts = Data(base64Encoded: text).map {
      String(decoding: $0, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
    }
    guard let parts, parts.count == 3, let version = UInt64(parts[0]) else {
      throw .badRequest("continue key is not valid")
    }
    self.version = version
    namespace = String(parts[1])
    name = String(parts[2])
  }

  var text: String { Data("\(version)/\(namespace)/\(name)".utf8).base64EncodedString() }
}
