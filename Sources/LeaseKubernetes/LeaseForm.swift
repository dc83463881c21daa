internal import FoundationEssentials

/// A Lease as the API server writes it, of which only what we use is read.
///
/// Source: `k8s.io/api/coordination/v1`.
struct LeaseForm: Decodable, Sendable {
  struct Metadata: Decodable, Sendable {
    var name: String?
    var uid: String?
    var resourceVersion: String?
    var labels: [String: String]?
    var annotations: [String: String]?
  }

  struct Spec: Decodable, Sendable {
    var holderIdentity: String?
    var leaseDurationSeconds: Int64?
    var leaseTransitions: Int64?
    /// How a coordinator elects (Kubernetes 1.31 and later): such a Lease is not ours.
    var strategy: String?
    var preferredHolder: String?
  }

  var metadata: Metadata?
  var spec: Spec?
}

/// A page of a list.
struct LeasePage: Decodable, Sendable {
  struct Metadata: Decodable, Sendable {
    var resourceVersion: String?
    var `continue`: String?
  }

  /// An item that is no Lease shall not hide the others.
  struct Item: Decodable, Sendable {
    var lease: LeaseForm?

    init(from decoder: any Decoder) throws {
      lease = try? LeaseForm(from: decoder)
    }
  }

  var metadata: Metadata?
  var items: [Item]?
}

/// A line of a watch.
struct LeaseEvent: Decodable, Sendable {
  var type: String
  var object: LeaseForm?
}

extension Decodable {
  /// Reads JSON; nil where it is something else.
  static func reading(_ json: [UInt8]) -> Self? {
    try? JSONDecoder().decode(Self.self, from: Data(json))
  }
}
