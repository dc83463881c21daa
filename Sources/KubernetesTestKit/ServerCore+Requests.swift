internal import FoundationEssentials
internal import Synchronization

/// Who may do what, and doing it.
extension ServerCore {
  enum Outcome {
    case whole(Answer)
    case watch(ResourceRoute)
  }

  func perform(_ call: HTTPCall, _ request: APIRequest, _ route: Route) -> Outcome {
    do throws(APIError) {
      let isKnown =
        call.hasCertificate
        || state.withLock { $0.authorizations.contains(call.headers["authorization"] ?? "") }
      guard isKnown else { throw .unauthorized }
      switch route {
      case .text(let text):
        return .whole(Answer(contentType: "text/plain", body: Array(text.utf8)))
      case .document(let document): return .whole(Answer(body: document.bytes))
      case .unknown(isBuiltIn: true):
        throw APIError(404, "NotFound", "the server could not find the requested resource")
      case .unknown(isBuiltIn: false):
        return .whole(
          Answer(
            code: 404, contentType: "text/plain", body: Array("404 page not found\n".utf8)))
      case .object(let target):
        guard let verb = target.verb else {
          throw APIError(
            405, "MethodNotAllowed",
            "the server does not allow this method on the requested resource")
        }
        try checkRights(verb, target)
        var answer = Answer()
        if verb == .watch {
          return .watch(target)
        }
        answer = try perform(verb, target, call, request)
        answer.headers += target.warnings
        return .whole(answer)
      }
    } catch {
      return .whole(Answer(error))
    }
  }

  private func checkRights(_ verb: APIVerb, _ target: ResourceRoute) throws(APIError) {
    let isDenied = state.withLock { state in
      state.denials.contains {
        ($0.verbs?.contains(verb) ?? true) && ($0.resource.map { $0 == target.resource } ?? true)
      }
    }
    guard isDenied else { return }
    let kind = target.kind
    let name = target.name.isEmpty ? "" : " \"\(target.name)\""
    let scope =
      target.namespace.isEmpty
      ? "at the cluster scope" : "in the namespace \"\(target.namespace)\""
    throw APIError(
      403, "Forbidden",
      "\(kind.resource)\(name) is forbidden: User \"announcer\" cannot \(verb.rawValue) resource "
        + "\"\(target.resource)\" in API group \"\(kind.group)\" \(scope)",
      details: ["kind": .string(kind.plural), "group": .string(kind.group)])
  }

  private func perform(
    _ verb: APIVerb, _ target: ResourceRoute, _ call: HTTPCall, _ request: APIRequest
  ) throws(APIError) -> Answer {
    switch verb {
    case .list: return try list(target, request.query)
    case .get:
      let asked = try ObjectStore.version(request.query["resourceVersion"] ?? "")
      let object = try write { store throws(APIError) in
        guard asked <= store.version else { throw .tooLarge(asked, current: store.version) }
        guard let object = store.object(target.key, of: target.kind) else {
          throw .notFound(target.kind, target.name)
        }
        return (object, [])
      }
      return Answer(body: object.bytes(of: target.kind, target.version))
    case .create:
      let sent = try body(of: call, for: target)
      return try written(target, request) { store throws(APIError) in
        if target.kind.isNamespaced,
          store.object(ObjectKey(namespace: "", name: target.namespace), of: .namespace) == nil
        {
          throw .notFound(.namespace, target.namespace)
        }
        return try store.create(sent, of: target.kind, in: target.namespace)
      }
    case .update:
      let sent = try body(of: call, for: target)
      let name = sent["metadata"]["name"].string ?? ""
      guard name == target.name else {
        throw .badRequest(
          name.isEmpty
            ? "name must be provided"
            : "the name of the object (\(name)) does not match the name on the URL (\(target.name))"
        )
      }
      return try written(target, request) { store throws(APIError) in
        try store.update(target.key, to: sent, of: target.kind, isStatus: target.isStatus)
      }
    case .patch:
      let type = call.contentType
      guard
        type == "application/merge-patch+json"
          || (type == "application/strategic-merge-patch+json" && !target.kind.isCustom)
      else {
        throw APIError(
          415, "UnsupportedMediaType",
          "the body of the request was in an unknown format - accepted media types include: "
            + "application/merge-patch+json")
      }
      let patch = try parsed(call)
      return try written(target, request) { store throws(APIError) in
        try store.patch(
          target.key, with: patch, of: target.kind, target.version, isStatus: target.isStatus)
      }
    case .delete:
      let options = call.body.isEmpty ? [:] : try parsed(call)
      let object = try write { store throws(APIError) in
        let written = try store.delete(target.key, of: target.kind, options)
        return (written.object, written.change.map { [$0] } ?? [])
      }
      guard object.json["metadata"]["finalizers"].array.isEmpty else {
        return Answer(body: object.bytes(of: target.kind, target.version))
      }
      var details: JSON = [
        "name": .string(target.name), "kind": .string(target.kind.plural),
        "uid": .string(object.uid),
      ]
      if !target.kind.group.isEmpty { details["group"] = .string(target.kind.group) }
      let status: JSON = [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
        "details": details,
      ]
      return Answer(body: status.bytes)
    case .deleteCollection:
      let all = try page(target, request.query).objects
      for object in all {
        _ = try write { store throws(APIError) in
          let written = try store.delete(object.key, of: target.kind, [:])
          return (written.object, written.change.map { [$0] } ?? [])
        }
      }
      return listAnswer(
        target, all, ["resourceVersion": .string("\(state.withLock { $0.store.version })")])
    case .watch: return Answer()
    }
  }

  private func written(
    _ target: ResourceRoute, _ request: APIRequest,
    _ body: (inout ObjectStore) throws(APIError) -> ObjectStore.Written
  ) throws(APIError) -> Answer {
    var isCreation = false
    let object = try write { store throws(APIError) in
      if request.query["dryRun"] == "All" {
        var trial = store
        let written = try body(&trial)
        isCreation = written.isCreation
        return (written.object, [])
      }
      let written = try body(&store)
      isCreation = written.isCreation
      return (written.object, written.change.map { [$0] } ?? [])
    }
    return Answer(
      code: isCreation ? 201 : 200, body: object.bytes(of: target.kind, target.version))
  }
}
