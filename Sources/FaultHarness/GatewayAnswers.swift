internal import FoundationEssentials

/// A 64-bit number as the gateway writes it: a string, or a number; zero where it is left out.
struct Number: Decodable, Hashable, Sendable {
  let value: Int64

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int64.self) {
      value = number
    } else {
      // Member ids are unsigned; the bits are what counts.
      let text = try container.decode(String.self)
      guard let number = Int64(text) ?? UInt64(text).map(Int64.init(bitPattern:)) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "no number: \(text)")
      }
      value = number
    }
  }
}

struct GatewayHeader: Decodable, Sendable {
  let revision: Number?
  let memberId: Number?
}

/// A key with its value, in base64 both.
struct GatewayKey: Decodable, Sendable {
  let key: String
  let value: String?
  let createRevision: Number?
  let modRevision: Number?
  let lease: Number?

  var name: String { Self.text(key) }
  var text: String { Self.text(value ?? "") }
  var leaseID: Int64 { lease?.value ?? 0 }

  private static func text(_ base64: String) -> String {
    String(decoding: Data(base64Encoded: base64) ?? Data(), as: UTF8.self)
  }
}

struct RangeAnswer: Decodable, Sendable {
  let header: GatewayHeader
  let kvs: [GatewayKey]?
}

/// Of every call whose answer has nothing but a header that matters.
struct PlainAnswer: Decodable, Sendable {
  let header: GatewayHeader?
}

struct LeasesAnswer: Decodable, Sendable {
  struct Lease: Decodable, Sendable {
    let id: Number
    private enum CodingKeys: String, CodingKey { case id = "ID" }
  }
  let leases: [Lease]?
}

struct MemberStatus: Decodable, Sendable {
  let header: GatewayHeader
  let leader: Number?

  var isLeader: Bool {
    guard let leader = leader?.value, leader != 0 else { return false }
    return leader == header.memberId?.value
  }
}

struct TokenAnswer: Decodable, Sendable { let token: String }

/// One line of a watch.
struct WatchAnswer: Decodable, Sendable {
  struct Event: Decodable, Sendable {
    /// Left out for a put.
    let type: String?
    let kv: GatewayKey
    var isDelete: Bool { type == "DELETE" }
  }

  struct Result: Decodable, Sendable {
    let created: Bool?
    let canceled: Bool?
    let compactRevision: Number?
    let events: [Event]?
  }

  let result: Result?
}

/// Reads one JSON document of the gateway, whose names are in snake case.
func decodeGateway<Answer: Decodable>(_ type: Answer.Type, _ octets: [UInt8]) throws -> Answer {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: Data(octets))
}
