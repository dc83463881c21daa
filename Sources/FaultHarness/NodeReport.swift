internal import FoundationEssentials

/// What `announcer status --output json` says, as far as the harness asks; read without the
/// program's own types, as scripts do.
struct NodeReport: Decodable, Sendable {
  struct Address: Decodable, Sendable {
    let address: String
    let state: String
    let holder: String?
    let reason: String?
  }

  struct Lease: Decodable, Sendable {
    let backend: String
    let state: String
    let deadlineInMs: Int?
    let error: String?
  }

  let node: String
  let session: String
  let ready: Bool
  let drained: Bool
  let lease: Lease
  let addresses: [Address]

  init(_ json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }
}
