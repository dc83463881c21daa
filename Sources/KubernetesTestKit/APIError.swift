/// A `metav1.Status` that says why a request failed.
///
/// Source: `k8s.io/apimachinery/pkg/api/errors`, whose sentences these are, because clients show them.
package struct APIError: Error, Sendable {
  package var code: Int
  package var reason: String
  package var message: String
  package var details: [String: JSON] = [:]
  /// Also a header of the answer, where it is a 429.
  package var retryAfter: Int?

  package init(_ code: Int, _ reason: String, _ message: String, details: [String: JSON] = [:]) {
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  package var status: JSON {
    var details = details
    if let retryAfter { details["retryAfterSeconds"] = .int(Int64(retryAfter)) }
    var status: JSON = [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
      "message": .string(message), "code": .int(Int64(code)),
    ]
    if !reason.isEmpty { status["reason"] = .string(reason) }
    if !details.isEmpty { status["details"] = .object(details) }
    return status
  }

  static let unauthorized = APIError(401, "Unauthorized", "Unauthorized")

  static func notFound(_ kind: APIKind, _ name: String) -> APIError {
    APIError(
      404, "NotFound", "\(kind.resource) \"\(name)\" not found", details: named(kind, name))
  }

  static func alreadyExists(_ kind: APIKind, _ name: String) -> APIError {
    APIError(
      409, "AlreadyExists", "\(kind.resource) \"\(name)\" already exists",
      details: named(kind, name))
  }

  static func conflict(_ kind: APIKind, _ name: String, _ why: String) -> APIError {
    APIError(
      409, "Conflict", "Operation cannot be fulfilled on \(kind.resource) \"\(name)\": \(why)",
      details: named(kind, name))
  }

  static func modified(_ kind: APIKind, _ name: String) -> APIError {
    conflict(
      kind, name,
      "the object has been modified; please apply your changes to the latest version and try again")
  }

  /// Of a deletion; it names the kind where others name the resource.
  static func unmetPrecondition(_ kind: APIKind, _ name: String, _ why: String) -> APIError {
    var error = conflict(kind, name, why)
    error.message = error.message.replacing(
      kind.resource, with: kind.qualifiedKind, maxReplacements: 1)
    error.details["kind"] = .string(kind.kind)
    return error
  }

  static func badRequest(_ message: String) -> APIError { APIError(400, "BadRequest", message) }

  /// - Parameter faults: each with the path of its field.
  static func invalid(_ kind: APIKind, _ name: String, _ faults: [FieldFault]) -> APIError {
    let texts = faults.map { "\($0.field): \($0.message)" }
    var details = named(kind, name)
    // Here the kind is the object's, elsewhere the resource's.
    details["kind"] = .string(kind.kind)
    details["causes"] = .array(
      faults.map {
        [
          "reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field),
        ]
      })
    return APIError(
      422, "Invalid",
      "\(kind.qualifiedKind) \"\(name)\" is invalid: "
        + (texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"),
      details: details)
  }

  /// An expired version or continuation.
  static func expired(_ message: String) -> APIError { APIError(410, "Expired", message) }

  static func tooLarge(_ asked: UInt64, current: UInt64) -> APIError {
    var error = APIError(
      504, "Timeout", "Too large resource version: \(asked), current: \(current)",
      details: [
        "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]]
      ])
    error.retryAfter = 1
    return error
  }

  private static func named(_ kind: APIKind, _ name: String) -> [String: JSON] {
    var details: [String: JSON] = ["kind": .string(kind.plural)]
    if !name.isEmpty { details["name"] = .string(name) }
    if !kind.group.isEmpty { details["group"] = .string(kind.group) }
    return details
  }
}

/// What is wrong with one field (`field.Error`).
struct FieldFault {
  var field: String
  /// `FieldValueInvalid`, `FieldValueRequired`, `FieldValueForbidden`, …
  var reason: String
  var message: String

  static func invalid(_ field: String, _ value: String, _ why: String) -> FieldFault {
    FieldFault(
      field: field, reason: "FieldValueInvalid", message: "Invalid value: \(value): \(why)")
  }
  static func required(_ field: String, _ why: String = "") -> FieldFault {
    FieldFault(
      field: field, reason: "FieldValueRequired",
      message: why.isEmpty ? "Required value" : "Required value: \(why)")
  }
}
