internal import FoundationEssentials
internal import Synchronization

/// Bodies of requests and lists.
extension ServerCore {
  func list(_ target: ResourceRoute, _ query: [String: String]) throws(APIError) -> Answer {
    let page = try page(target, query)
    var metadata: JSON = ["resourceVersion": .string("\(page.version)")]
    if !page.continuation.isEmpty { metadata["continue"] = .string(page.continuation) }
    if let remaining = page.remaining { metadata["remainingItemCount"] = .int(Int64(remaining)) }
    return listAnswer(target, page.objects, metadata)
  }

  func listAnswer(
    _ target: ResourceRoute, _ objects: ArraySlice<StoredObject>, _ metadata: JSON
  ) -> Answer {
    var body = Array(
      "{\"kind\":\"\(target.kind.kind)List\",\"apiVersion\":\"".utf8)
    body += Array("\(target.kind.apiVersion(target.version))\",\"metadata\":\(metadata.text)".utf8)
    body += Array(",\"items\":[".utf8)
    for (index, object) in objects.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += object.bytes(of: target.kind, target.version, isNamed: target.kind.isCustom)
    }
    body += Array("]}\n".utf8)
    return Answer(body: body)
  }

  func page(_ target: ResourceRoute, _ query: [String: String]) throws(APIError)
    -> ObjectStore.Page
  {
    let wanted = try Self.listQuery(target, query)
    return try attempt { state throws(APIError) in try state.store.page(wanted, of: target.kind) }
  }

  static func listQuery(_ target: ResourceRoute, _ query: [String: String]) throws(APIError)
    -> ObjectStore.ListQuery
  {
    var wanted = ObjectStore.ListQuery()
    wanted.namespace = target.namespace
    if let text = query["labelSelector"], !text.isEmpty { wanted.selector = try LabelQuery(text) }
    for field in (query["fieldSelector"] ?? "").split(separator: ",") {
      let sides = field.split(separator: "=").map(String.init)
      switch (sides.first, sides.count) {
      case ("metadata.name", 2): wanted.name = sides[1]
      case ("metadata.namespace", 2): wanted.namespace = sides[1]
      default:
        throw .badRequest(
          "\"\(sides.first ?? "")\" is not a known field selector: only \"metadata.name\", "
            + "\"metadata.namespace\"")
      }
    }
    wanted.resourceVersion = query["resourceVersion"] ?? ""
    wanted.match = query["resourceVersionMatch"] ?? ""
    wanted.limit = Int(query["limit"] ?? "") ?? 0
    wanted.continuation = query["continue"] ?? ""
    return wanted
  }

  /// The object that a write brings, in the form it is kept in.
  func body(of call: HTTPCall, for target: ResourceRoute) throws(APIError) -> JSON {
    guard ["", "application/json"].contains(call.contentType) else {
      throw APIError(
        415, "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
          + "application/json")
    }
    let sent = try parsed(call)
    guard sent.isObject else { throw .badRequest("the object provided is unrecognized") }
    let expected = target.kind.apiVersion(target.version)
    let version = sent["apiVersion"].string ?? ""
    let kind = sent["kind"].string ?? ""
    guard !target.kind.isCustom || !kind.isEmpty else {
      throw .badRequest("Object 'Kind' is missing in '\(sent.text)'")
    }
    guard [expected, ""].contains(version), [target.kind.kind, ""].contains(kind) else {
      throw .badRequest(
        "\(kind) in version \"\(version)\" cannot be handled as a \(target.kind.kind)")
    }
    let namespace = sent["metadata"]["namespace"].string ?? ""
    guard namespace.isEmpty || namespace == target.namespace else {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    try target.kind.checkTypes(sent, target.version)
    return target.kind.kept(sent, target.version)
  }

  func parsed(_ call: HTTPCall) throws(APIError) -> JSON {
    do {
      return try JSON(parsing: call.body)
    } catch {
      throw .badRequest("couldn't get version/kind; json parse error: \(error)")
    }
  }
}

extension HTTPCall {
  /// Without parameters.
  var contentType: String {
    String((headers["content-type"] ?? "").split(separator: ";").first ?? "").lowercased()
  }
}

extension ResourceRoute {
  /// The header that tells of a version that will go away.
  var warnings: [(String, String)] {
    kind.warnings[version].map { [("Warning", "299 - \"\($0)\"")] } ?? []
  }
}
