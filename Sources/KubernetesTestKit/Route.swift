/// What a path means to the test server.
enum Route: Sendable {
  case text(String)
  case document(JSON)
  case object(ResourceRoute)
  /// Of no kind that is there. A built-in group says so with a `Status`, everything else with a line of text.
  case unknown(isBuiltIn: Bool)

  /// - Parameter method: of HTTP.
  init(_ method: String, _ path: String, _ query: [String: String], _ kinds: [APIKind]) {
    // No name of an object or a group has a character that would have to be escaped.
    let parts = path.split(separator: "/").map(String.init)
    switch parts.first {
    case "healthz", "readyz", "livez": self = .text("ok")
    case "version": self = .document(Discovery.version)
    case "api" where parts.count == 1: self = .document(Discovery.coreVersions)
    case "apis" where parts.count == 1: self = .document(Discovery.groups(kinds))
    case "apis" where parts.count == 2:
      self = Discovery.group(parts[1], kinds).map { .document($0) } ?? .unknown(isBuiltIn: false)
    case "api" where parts.count == 2:
      self =
        Discovery.resources("", parts[1], kinds).map { .document($0) } ?? .unknown(isBuiltIn: false)
    case "apis" where parts.count == 3:
      self =
        Discovery.resources(parts[1], parts[2], kinds).map { .document($0) }
        ?? .unknown(isBuiltIn: false)
    case "api":
      self = Self.resource(method, "", parts[1], Array(parts[2...]), query, kinds)
    case "apis":
      self = Self.resource(method, parts[1], parts[2], Array(parts[3...]), query, kinds)
    default: self = .unknown(isBuiltIn: false)
    }
  }

  private static func resource(
    _ method: String, _ group: String, _ version: String, _ parts: [String],
    _ query: [String: String], _ kinds: [APIKind]
  ) -> Route {
    var parts = parts[...]
    var namespace = ""
    // `/namespaces/x` itself is an object.
    if parts.count >= 3, parts.first == "namespaces", parts.dropFirst(2).first != "status" {
      namespace = parts.dropFirst().first ?? ""
      parts = parts.dropFirst(2)
    }
    guard let plural = parts.popFirst(),
      let kind = kinds.first(where: {
        $0.group == group && $0.plural == plural && $0.versions.contains(version)
      }), kind.isNamespaced || namespace.isEmpty
    else {
      let isBuiltIn = kinds.contains {
        $0.group == group && $0.versions.contains(version) && !$0.isCustom
      }
      return .unknown(isBuiltIn: isBuiltIn)
    }
    let name = parts.popFirst() ?? ""
    let isStatus = parts.first == "status" && kind.hasStatus
    guard parts.isEmpty || (isStatus && parts.count == 1) else {
      return .unknown(isBuiltIn: !kind.isCustom)
    }
    let isWatch = ["true", "1"].contains(query["watch"] ?? "")
    let verb: APIVerb? =
      switch (method, name.isEmpty) {
      case ("GET", true): isWatch ? .watch : .list
      case ("GET", false): .get
      case ("POST", true): .create
      case ("PUT", false): .update
      case ("PATCH", false): .patch
      case ("DELETE", false): .delete
      case ("DELETE", true): .deleteCollection
      default: nil
      }
    return .object(
      ResourceRoute(
        verb: verb, kind: kind, version: version, namespace: namespace, name: name,
        isStatus: isStatus))
  }
}

/// A path that names objects.
struct ResourceRoute: Sendable {
  /// nil for a method that is not allowed here.
  let verb: APIVerb?
  let kind: APIKind
  let version: String
  /// Empty for all namespaces, and for a kind that has none.
  let namespace: String
  /// Empty for a collection.
  let name: String
  let isStatus: Bool

  /// As authorization and the request counters name it.
  var resource: String { isStatus ? "\(kind.plural)/status" : kind.plural }
  var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
}
