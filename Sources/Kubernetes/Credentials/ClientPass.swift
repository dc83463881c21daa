internal import HTTPTransport

/// What a call is made with: connections with our certificate, and what to put into the request.
struct ClientPass: Sendable {
  /// Counts up with each renewal.
  let number: Int
  let clients: HTTPClients
  /// The header's value.
  let authorization: String?
}
