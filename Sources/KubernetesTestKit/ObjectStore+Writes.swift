internal import FoundationEssentials

/// Writes, as the generic registry of a real server does them.
///
/// Source: `k8s.io/apiserver/pkg/registry/generic/registry/store.go`.
extension ObjectStore {
  /// A change that was asked for, and what it did.
  struct Written {
    let object: StoredObject
    /// None where the object is as it was: nothing is written, nobody is told.
    let change: Change?
    let isCreation: Bool
  }

  mutating func create(_ sent: JSON, of kind: APIKind, in namespace: String) throws(APIError)
    -> Written
  {
    var object = sent
    if (object["metadata"]["name"].string ?? "").isEmpty,
      let stem = object["metadata"]["generateName"].string, !stem.isEmpty
    {
      object["metadata"]["name"] = .string(stem + Self.suffix())
    }
    let name = object["metadata"]["name"].string ?? ""
    guard (object["metadata"]["resourceVersion"].string ?? "").isEmpty else {
      throw APIError(500, "", "resourceVersion should not be set on objects to be created")
    }
    let key = ObjectKey(namespace: namespace, name: name)
    let new = try prepared(object, of: kind, key)
    guard self.object(key, of: kind) == nil else { throw .alreadyExists(kind, name) }
    let change = put(new, of: kind)
    return Written(object: change.object, change: change, isCreation: true)
  }

  /// - Parameter isStatus: only the status is written, through `/status`.
  mutating func update(
    _ key: ObjectKey, to sent: JSON, of kind: APIKind, isStatus: Bool = false
  ) throws(APIError) -> Written {
    let uid = sent["metadata"]["uid"].string ?? ""
    guard let old = object(key, of: kind) else {
      guard kind.allowsCreationByUpdate, !isStatus else { throw .notFound(kind, key.name) }
      guard uid.isEmpty else { throw Self.uidMismatch(kind, key.name, uid, "") }
      // A version that was sent with it counts for nothing.
      let change = put(try prepared(sent, of: kind, key), of: kind)
      return Written(object: change.object, change: change, isCreation: true)
    }
    guard uid.isEmpty || uid == old.uid else {
      throw Self.uidMismatch(kind, key.name, uid, old.uid)
    }
    let version = sent["metadata"]["resourceVersion"].string ?? ""
    if version.isEmpty || version == "0" {
      guard kind.allowsUnconditionalUpdate else {
        throw .invalid(
          kind, key.name,
          [.invalid("metadata.resourceVersion", "0x0", "must be specified for an update")])
      }
    } else {
      guard UInt64(version) != nil else {
        throw APIError(500, "", "strconv.ParseUint: parsing \"\(version)\": invalid syntax")
      }
      guard version == "\(old.version)" else { throw .modified(kind, key.name) }
    }
    return try replace(old, with: sent, of: kind, isStatus: isStatus)
  }

  mutating func patch(
    _ key: ObjectKey, with patch: JSON, of kind: APIKind, _ version: String, isStatus: Bool
  ) throws(APIError) -> Written {
    guard let old = object(key, of: kind) else { throw .notFound(kind, key.name) }
    let new = kind.kept(kind.served(old.json, version).merged(with: patch), version)
    try kind.checkTypes(new, version)
    let asked = new["metadata"]["resourceVersion"].string ?? ""
    guard asked.isEmpty || asked == "\(old.version)" else { throw .modified(kind, key.name) }
    let uid = new["metadata"]["uid"].string ?? ""
    guard uid.isEmpty || uid == old.uid else {
      throw Self.uidMismatch(kind, key.name, uid, old.uid)
    }
    return try replace(old, with: new, of: kind, isStatus: isStatus)
  }

  /// - Parameter options: `DeleteOptions`, whose preconditions count.
  mutating func delete(_ key: ObjectKey, of kind: APIKind, _ options: JSON) throws(APIError)
    -> Written
  {
    guard let old = object(key, of: kind) else { throw .notFound(kind, key.name) }
    let conditions = options["preconditions"]
    if let uid = conditions["uid"].string, uid != old.uid {
      throw .unmetPrecondition(
        kind, key.name,
        "the UID in the precondition (\(uid)) does not match the UID in record (\(old.uid)). The object "
          + "might have been deleted and then recreated")
    }
    if let version = conditions["resourceVersion"].string, version != "\(old.version)" {
      throw .unmetPrecondition(
        kind, key.name,
        "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in "
          + "record (\(old.version)). The object might have been modified")
    }
    guard old.json["metadata"]["finalizers"].array.isEmpty else {
      guard old.json["metadata"]["deletionTimestamp"] == .null else {
        return Written(object: old, change: nil, isCreation: false)
      }
      var json = old.json
      json["metadata"]["deletionTimestamp"] = .string(Self.now())
      json["metadata"]["deletionGracePeriodSeconds"] = 0
      let change = put(json, of: kind)
      return Written(object: change.object, change: change, isCreation: false)
    }
    let change = remove(old, of: kind)
    return Written(object: change.object, change: change, isCreation: false)
  }

  private mutating func replace(
    _ old: StoredObject, with sent: JSON, of kind: APIKind, isStatus: Bool
  ) throws(APIError) -> Written {
    var new = sent
    if isStatus {
      new = old.json
      new["status"] = sent["status"]
    } else if kind.hasStatus {
      new["status"] = old.json["status"]
    }
    new["apiVersion"] = .null
    new["kind"] = .null
    for field in [
      "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion",
      "deletionTimestamp", "deletionGracePeriodSeconds",
    ] {
      new["metadata"][field] = old.json["metadata"][field]
    }
    if kind.dropsConditions { new["status"]["conditions"] = .null }
    kind.setDefaults(of: &new)
    if kind.plural == "services", new["spec"]["clusterIP"] == .null {
      new["spec"]["clusterIP"] = old.json["spec"]["clusterIP"]
    }
    if kind.hasGeneration, Self.content(new) != Self.content(old.json) {
      new["metadata"]["generation"] = .int((old.json["metadata"]["generation"].int ?? 0) + 1)
    }
    let faults = kind.faults(of: new)
    guard faults.isEmpty else { throw .invalid(kind, old.name, faults) }
    // The last finalizer has gone: so does the object.
    if new["metadata"]["deletionTimestamp"] != .null, new["metadata"]["finalizers"].array.isEmpty {
      let change = remove(StoredObject(new, version: old.version), of: kind)
      return Written(object: change.object, change: change, isCreation: false)
    }
    if new == old.json { return Written(object: old, change: nil, isCreation: false) }
    let change = put(new, of: kind)
    return Written(object: change.object, change: change, isCreation: false)
  }

  /// A new object with what the server adds to it.
  private func prepared(_ sent: JSON, of kind: APIKind, _ key: ObjectKey) throws(APIError) -> JSON {
    var object = sent
    object["apiVersion"] = .null
    object["kind"] = .null
    object["metadata"]["name"] = .string(key.name)
    object["metadata"]["namespace"] = kind.isNamespaced ? .string(key.namespace) : .null
    object["metadata"]["uid"] = .string(UUID().uuidString.lowercased())
    object["metadata"]["creationTimestamp"] = .string(Self.now())
    object["metadata"]["deletionTimestamp"] = .null
    object["metadata"]["generation"] = kind.hasGeneration ? 1 : .null
    if kind.hasStatus, !kind.keepsStatusOnCreation {
      object["status"] = kind.plural == "services" ? ["loadBalancer": [:]] : .null
    }
    kind.setDefaults(of: &object)
    let faults = kind.faults(of: object)
    guard faults.isEmpty else { throw .invalid(kind, key.name, faults) }
    return object
  }

  /// What `generation` counts the changes of.
  private static func content(_ object: JSON) -> JSON {
    var object = object
    object["metadata"] = .null
    object["status"] = .null
    return object
  }

  private static func uidMismatch(_ kind: APIKind, _ name: String, _ sent: String, _ there: String)
    -> APIError
  {
    .conflict(
      kind, name, "Precondition failed: UID in precondition: \(sent), UID in object meta: \(there)")
  }

  /// To the second.
  private static func now() -> String { Date().formatted(.iso8601) }

  /// Five letters and digits that spell no words.
  private static func suffix() -> String {
    let letters = Array("bcdfghjklmnpqrstvwxz2456789")
    return String((0..<5).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }
}
