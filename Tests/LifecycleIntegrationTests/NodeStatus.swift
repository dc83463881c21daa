import FoundationEssentials

/// What `announcer status --output json` says, read without the program's own types: scripts have
/// nothing but the names either.
struct NodeStatus: Decodable, Sendable {
  struct Address: Decodable, Sendable {
    let address: String
    let state: String
    let holder: String?
    let interfaces: [String]
    let origins: [String]
    let reason: String?
    let answers: Int
    let announcements: Int
    let conflict: Conflict?
  }

  struct Conflict: Decodable, Sendable {
    let count: Int
    let hardwareAddress: String
  }

  struct SelfCheck: Decodable, Sendable {
    let state: String
    let witnesses: [String: String]
    let failures: [String]
    let unchecked: [String: String]?
    let reason: String?
  }

  struct Interface: Decodable, Sendable {
    let name: String
    let index: Int
    let hardwareAddress: String?
    let state: String
    let matchedBy: [String]
    let reason: String?
  }

  struct Lease: Decodable, Sendable {
    let state: String
    let error: String?
  }

  struct Source: Decodable, Sendable {
    let name: String
    let place: String
    let state: String
    let objects: [String: Int]
    let error: String?
  }

  struct Configuration: Decodable, Sendable {
    let error: String?
    let loadedAt: String
  }

  let selfCheck: SelfCheck
  let node: String
  let session: String
  let ready: Bool
  let drained: Bool
  let configuration: Configuration
  let lease: Lease
  let sources: [Source]
  let interfaces: [Interface]
  let addresses: [Address]
  let ignored: [String: Int]
  let warnings: [String]

  init(_ json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }

  /// The addresses in `state`.
  func addresses(in state: String) -> Set<String> {
    Set(addresses.filter { $0.state == state }.map(\.address))
  }
}
