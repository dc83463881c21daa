/// `authentication.k8s.io/v1` TokenRequest.
struct TokenRequest: Encodable {
  struct Spec: Encodable { var expirationSeconds: Int64 }

  var apiVersion = "authentication.k8s.io/v1"
  var kind = "TokenRequest"
  var spec: Spec
}

struct TokenRequestAnswer: Decodable {
  struct Status: Decodable { var token: String }

  var status: Status
}

/// A Secret that the cluster fills with a token of the account.
struct Secret: Encodable {
  struct Metadata: Encodable {
    var name: String
    var namespace: String
    var annotations: [String: String]
  }

  var apiVersion = "v1"
  var kind = "Secret"
  var metadata: Metadata
  var type = "kubernetes.io/service-account-token"

  init(name: String, namespace: String, account: String) {
    metadata = Metadata(
      name: name, namespace: namespace,
      annotations: ["kubernetes.io/service-account.name": account])
  }
}

struct SecretAnswer: Decodable {
  var data: [String: String]?
}

/// `v1.Config`.
struct KubeconfigForm: Encodable {
  struct Cluster: Encodable {
    var name: String
    var cluster: [String: String]
  }
  struct User: Encodable {
    var name: String
    var user: [String: String]
  }
  struct Context: Encodable {
    var name: String
    var context: [String: String]
  }

  var apiVersion = "v1"
  var kind = "Config"
  var currentContext = "announcer"
  var clusters: [Cluster]
  var users: [User]
  var contexts: [Context]

  enum CodingKeys: String, CodingKey {
    case apiVersion, kind, clusters, users, contexts
    case currentContext = "current-context"
  }
}
