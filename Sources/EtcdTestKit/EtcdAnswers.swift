internal import FoundationEssentials

/// One key as etcd has it.
package struct EtcdKey: Decodable, Sendable {
  private let key: String
  private let value: String?
  private let lease: String?
  private let created: String
  private let modified: String

  private enum CodingKeys: String, CodingKey {
    case key, value, lease
    case created = "create_revision"
    case modified = "mod_revision"
  }

  package var name: String { decoded(key) }
  package var text: String { decoded(value ?? "") }
  /// Zero for none.
  package var leaseID: Int64 { lease.flatMap { Int64($0) } ?? 0 }
  package var createRevision: UInt64 { UInt64(created) ?? 0 }
  package var modRevision: UInt64 { UInt64(modified) ?? 0 }

  private func decoded(_ base64: String) -> String {
    String(decoding: Data(base64Encoded: base64) ?? Data(), as: UTF8.self)
  }
}

struct EtcdRangeAnswer: Decodable {
  let kvs: [EtcdKey]?
}

struct EtcdLeasesAnswer: Decodable {
  struct Lease: Decodable {
    let id: String
    private enum CodingKeys: String, CodingKey { case id = "ID" }
  }
  let leases: [Lease]?
}

/// What a member says of itself.
package struct EtcdStatusAnswer: Decodable, Sendable {
  package struct Header: Decodable, Sendable {
    package let memberID: String
    package let revision: String
    private enum CodingKeys: String, CodingKey {
      case memberID = "member_id"
      case revision
    }
  }
  package let header: Header
  /// The member that leads, in its eyes; nil for none.
  package let leader: String?
}
