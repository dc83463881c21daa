internal import FoundationEssentials

/// How the API server says what went wrong (`metav1.Status`), as an answer or as the object of a watch's
/// ERROR event.
struct StatusAnswer: Decodable {
  let kind: String?
  let message: String?
  let reason: String?
  let code: Int?
  let details: Details?

  struct Details: Decodable {
    let retryAfterSeconds: Int?
  }

  /// Nil for what is no Status.
  init?(_ octets: some Sequence<UInt8>) {
    guard let status = try? JSONDecoder().decode(Self.self, from: Data(octets)),
      status.kind == "Status"
    else { return nil }
    self = status
  }
}
