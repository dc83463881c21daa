extension APIKind {
  /// The faults of an event, in the words of core v1. What came in the newer words, or with the time that they
  /// ask for, is held to stricter rules.
  ///
  /// Source: `pkg/apis/core/validation/events.go`.
  func eventFaults(_ event: JSON) -> [FieldFault] {
    let space = event["metadata"]["namespace"].string ?? ""
    let about = event["involvedObject"]["namespace"].string ?? ""
    var faults: [FieldFault] = []
    if about.isEmpty ? !["default", "kube-system"].contains(space) : about != space {
      faults.append(
        .invalid("involvedObject.namespace", "\"\(about)\"", "does not match event.namespace"))
    }
    guard group == "events.k8s.io" || event["eventTime"] != .null else { return faults }
    if event["eventTime"] == .null { faults.append(.required("eventTime")) }
    for (field, name, limit) in [
      ("reportingComponent", "reportingController", 253),
      ("reportingInstance", "reportingInstance", 128), ("action", "action", 128),
      ("reason", "reason", 128),
    ] {
      let text = event[field].string ?? ""
      if text.isEmpty {
        faults.append(.required(name))
      } else if text.utf8.count > limit {
        faults.append(.invalid(name, "\"\"", "can have at most \(limit) characters"))
      }
    }
    if (event["message"].string ?? "").utf8.count > 1024 {
      faults.append(.invalid("message", "\"\"", "can have at most 1024 characters"))
    }
    let controller = event["reportingComponent"].string ?? ""
    if controller.contains(where: \.isWhitespace) {
      faults.append(.invalid("reportingController", "\"\(controller)\"", "is no qualified name"))
    }
    let type = event["type"].string ?? ""
    if !["Normal", "Warning"].contains(type) {
      faults.append(.invalid("type", "\"\"", "has invalid value: \(type)"))
    }
    return faults
  }
}
