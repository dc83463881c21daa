internal import FoundationEssentials

/// Compares, and does one list of operations or the other, all at one revision.
struct TransactionRequest: Encodable, Sendable {
  var compare: [Comparison] = []
  var success: [Operation] = []
  var failure: [Operation] = []
}

/// What must be so of a key. Of a key that does not exist everything is zero.
enum Comparison: Encodable, Sendable {
  case createRevision(of: Data, is: Int64)
  case lease(of: Data, is: Int64)

  private enum CodingKeys: String, CodingKey {
    case key, target, result, lease
    case createRevision = "create_revision"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("EQUAL", forKey: .result)
    switch self {
    case .createRevision(let key, let revision):
      try container.encode(key, forKey: .key)
      try container.encode("CREATE", forKey: .target)
      try container.encode(String(revision), forKey: .createRevision)
    case .lease(let key, let lease):
      try container.encode(key, forKey: .key)
      try container.encode("LEASE", forKey: .target)
      try container.encode(String(lease), forKey: .lease)
    }
  }
}

/// One operation of a transaction.
enum Operation: Encodable, Sendable {
  case range(Data)
  case put(Data, value: Data, lease: Int64)
  case delete(Data)
  indirect case transaction(TransactionRequest)

  private enum CodingKeys: String, CodingKey {
    case range = "request_range"
    case put = "request_put"
    case delete = "request_delete_range"
    case transaction = "request_txn"
  }

  private struct Put: Encodable {
    var key: Data
    var value: Data
    @ZeroIfMissing var lease: Int64
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .range(let key):
      try container.encode(RangeRequest(key: key), forKey: .range)
    case .put(let key, let value, let lease):
      try container.encode(Put(key: key, value: value, lease: lease), forKey: .put)
    case .delete(let key):
      try container.encode(RangeRequest(key: key), forKey: .delete)
    case .transaction(let transaction):
      try container.encode(transaction, forKey: .transaction)
    }
  }
}

struct TransactionAnswer: EtcdAnswer {
  /// Of one operation, in their order; what is not asked for is left out.
  struct Part: Decodable, Sendable {
    var range: RangeAnswer?
    var transaction: TransactionAnswer?

    private enum CodingKeys: String, CodingKey {
      case range = "response_range"
      case transaction = "response_txn"
    }
  }

  /// Empty in a transaction within a transaction.
  var header: ResponseHeader?
  /// Missing when false.
  var succeeded: Bool?
  var responses: [Part]?

  var hasSucceeded: Bool { succeeded ?? false }
}
