internal import FoundationEssentials

/// What a real server refuses of an object, as far as our clients could send it.
///
/// Source: `pkg/apis/*/validation` of Kubernetes.
extension APIKind {
  /// Whether the text of an object can be read at all: types are checked before anything else.
  func checkTypes(_ object: JSON, _ version: String) throws(APIError) {
    guard plural == "leases" else { return }
    let spec = object["spec"]
    for (field, type) in [
      ("holderIdentity", "string"), ("leaseDurationSeconds", "int32"),
      ("leaseTransitions", "int32"),
    ] where spec[field] != .null {
      guard type == "string" ? spec[field].string == nil : spec[field].int == nil else { continue }
      throw unreadable(version, "Spec.\(field): wants \(type), but found \(spec[field].text)")
    }
    for field in ["renewTime", "acquireTime"] where spec[field] != .null {
      guard let text = spec[field].string, Self.isMicroTime(text) else {
        throw unreadable(
          version,
          "parsing time \(spec[field].text) as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse")
      }
    }
  }

  /// The faults of an object that is complete.
  func faults(of object: JSON) -> [FieldFault] {
    var faults: [FieldFault] = []
    let name = object["metadata"]["name"].string ?? ""
    if name.isEmpty {
      faults.append(.required("metadata.name", "name or generateName is required"))
    } else if !(plural == "services" ? Self.isLabel(name) : Self.isSubdomain(name)) {
      faults.append(
        .invalid(
          "metadata.name", "\"\(name)\"",
          plural == "services"
            ? "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
              + "alphabetic character, and end with an alphanumeric character"
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
              + "'.', and must start and end with an alphanumeric character"))
    }
    switch plural {
    case "leases": faults += Self.leaseFaults(object["spec"])
    case "services":
      if object["spec"]["ports"].array.isEmpty && object["spec"]["clusterIP"] != "None" {
        faults.append(.required("spec.ports"))
      }
    case "endpointslices":
      if !["IPv4", "IPv6", "FQDN"].contains(object["addressType"].string ?? "") {
        faults.append(.required("addressType"))
      }
    case "events": faults += eventFaults(object)
    default: faults += schema?.faults(of: object) ?? []
    }
    return faults
  }

  private static func leaseFaults(_ spec: JSON) -> [FieldFault] {
    var faults: [FieldFault] = []
    if let seconds = spec["leaseDurationSeconds"].int, seconds <= 0 {
      faults.append(.invalid("spec.leaseDurationSeconds", "\(seconds)", "must be greater than 0"))
    }
    if let count = spec["leaseTransitions"].int, count < 0 {
      faults.append(
        .invalid("spec.leaseTransitions", "\(count)", "must be greater than or equal to 0"))
    }
    return faults
  }

  private func unreadable(_ version: String, _ why: String) -> APIError {
    .badRequest("\(kind) in version \"\(version)\" cannot be handled as a \(kind): \(why)")
  }

  /// The same time in UTC, as the server writes it; unchanged if it is no time.
  static func inUTC(_ text: String) -> String {
    let characters = Array(text.utf8)
    guard characters.count > 27, isMicroTime(text) else { return text }
    let seconds = String(decoding: characters[..<19] + characters[26...], as: UTF8.self)
    guard let date = try? Date(seconds, strategy: .iso8601) else { return text }
    let fraction = String(decoding: characters[19..<26], as: UTF8.self)
    return String(date.formatted(.iso8601).dropLast()) + fraction + "Z"
  }

  /// RFC 3339 with exactly six digits of fraction: `2024-05-06T07:08:09.123456Z`, or with `+02:00`.
  static func isMicroTime(_ text: String) -> Bool {
    let characters = Array(text.utf8)
    guard characters.count == 27 || characters.count == 32 else { return false }
    let form = Array("0000-00-00T00:00:00.000000".utf8)
    for (character, wanted) in zip(characters, form) {
      let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
      guard wanted == UInt8(ascii: "0") ? isDigit : character == wanted else { return false }
    }
    let seconds = String(decoding: characters[..<19], as: UTF8.self)
    let zone = String(decoding: characters[26...], as: UTF8.self)
    return (try? Date(seconds + zone, strategy: .iso8601)) != nil
  }

  /// RFC 1123 subdomain.
  static func isSubdomain(_ name: String) -> Bool {
    name.utf8.count <= 253
      && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        isAlphanumeric($0.utf8.first) && isAlphanumeric($0.utf8.last)
          && $0.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
  }

  /// RFC 1035 label.
  private static func isLabel(_ name: String) -> Bool {
    name.utf8.count <= 63 && isSubdomain(name) && !name.contains(".")
      && !(name.first?.isNumber ?? true)
  }

  private static func isAlphanumeric(_ character: UInt8?) -> Bool {
    switch character {
    case (UInt8(ascii: "a")...UInt8(ascii: "z"))?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: true
    default: false
    }
  }
}
