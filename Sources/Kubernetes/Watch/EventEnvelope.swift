internal import FoundationEssentials

/// What a watch needs to know of a line, whatever the object is.
///
/// Source: the API reference of `metav1.WatchEvent`.
struct EventEnvelope: Sendable {
  enum Kind: Sendable {
    case news
    case error(StatusAnswer)
  }

  let kind: Kind
  /// Nil where the object has none.
  let resourceVersion: String?

  /// Nil for what is no event.
  init?(_ line: [UInt8]) {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(line)) else { return nil }
    if form.type == "ERROR" {
      guard let error = try? JSONDecoder().decode(ErrorForm.self, from: Data(line)) else {
        return nil
      }
      kind = .error(error.object)
      resourceVersion = nil
      return
    }
    guard let object = form.object else { return nil }
    kind = .news
    let version = object.metadata?.resourceVersion ?? ""
    resourceVersion = version.isEmpty ? nil : version
  }

  private struct Form: Decodable {
    let type: String
    let object: Object?
  }

  private struct Object: Decodable {
    let metadata: Metadata?
  }

  private struct Metadata: Decodable {
    let resourceVersion: String?
  }

  private struct ErrorForm: Decodable {
    let object: StatusAnswer
  }
}
