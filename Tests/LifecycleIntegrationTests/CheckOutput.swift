import FoundationEssentials

/// What `announcer check --output json` says.
struct CheckOutput: Decodable, Sendable {
  struct Interface: Decodable, Sendable {
    let name: String
    let state: String
    let matchedBy: [String]
  }

  let ok: Bool
  let node: String
  let addressCount: Int
  let interfaces: [Interface]
  let problems: [String]
  let warnings: [String]
  let notChecked: [String]

  init(_ json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }
}
