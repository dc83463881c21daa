/// The same object in the words of another version of its kind.
extension APIKind {
  /// Whether objects in this version look otherwise than they are kept.
  func isConverted(_ version: String) -> Bool {
    group == "events.k8s.io" || (plural == "endpointslices" && version == "v1beta1")
  }

  /// A kept object in the words of `version`.
  func served(_ object: JSON, _ version: String) -> JSON {
    guard isConverted(version) else { return object }
    if plural == "events" { return renamed(object, Self.eventFields) }
    return withEndpoints(object) { endpoint in
      guard let node = endpoint["nodeName"].string else { return }
      endpoint["topology"]["kubernetes.io/hostname"] = .string(node)
      endpoint["nodeName"] = .null
    }
  }

  /// What came in the words of `version`, as it is kept.
  func kept(_ sent: JSON, _ version: String) -> JSON {
    // Where the fields are known, null says no more than nothing.
    let object = isCustom ? sent : sent.withoutNulls
    guard isConverted(version) else { return object }
    if plural == "events" { return renamed(object, Self.eventFields.map { ($0.1, $0.0) }) }
    return withEndpoints(object) { endpoint in
      guard let node = endpoint["topology"]["kubernetes.io/hostname"].string else { return }
      endpoint["nodeName"] = .string(node)
      endpoint["topology"] = .null
    }
  }

  /// Core v1, and events.k8s.io/v1.
  private static let eventFields = [
    ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
    ("count", "deprecatedCount"), ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"), ("reportingComponent", "reportingController"),
  ]

  private func renamed(_ object: JSON, _ names: [(String, String)]) -> JSON {
    var fields = object.object
    for (from, to) in names {
      if let value = fields.removeValue(forKey: from) { fields[to] = value }
    }
    return .object(fields)
  }

  private func withEndpoints(_ object: JSON, _ change: (inout JSON) -> Void) -> JSON {
    guard case .array(let endpoints) = object["endpoints"] else { return object }
    var object = object
    object["endpoints"] = .array(
      endpoints.map {
        var endpoint = $0
        change(&endpoint)
        return endpoint
      })
    return object
  }
}
