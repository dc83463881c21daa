internal import FoundationEssentials
internal import LinuxSystem
internal import Time

/// Makes the kubeconfig with which a node speaks as a service account, from that of somebody who may
/// make one.
package struct NodeKubeconfig: Sendable {
  /// Why there is none: one line that says what would be right.
  package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  private let client: APIClient
  private let namespace: String
  private let account: String

  /// How long the cluster may take to put a token into a new Secret.
  private static let patience = Duration.seconds(10)

  /// - Parameters:
  ///   - client: of an administrator.
  ///   - account: the name of the ServiceAccount.
  package init(_ client: APIClient, namespace: String, account: String) {
    self.client = client
    self.namespace = namespace
    self.account = account
  }

  /// The text of the kubeconfig.
  ///
  /// - Parameters:
  ///   - lifetime: asks for a token that ends after that, whole seconds (`TokenRequest`); nil for one that
  ///     stays good as long as its Secret (`kubernetes.io/service-account-token`).
  ///   - server: how the nodes reach the API server, where that differs.
  package func make(lifetime: Duration?, server: ServerURL? = nil) async throws -> String {
    try await requireAccount()
    let token =
      if let lifetime { try await request(lifetime) } else { try await tokenOfSecret() }
    return try text(token, server: server ?? client.access.server)
  }

  private var path: String { "/api/v1/namespaces/\(namespace)" }

  private func requireAccount() async throws {
    do throws(APIFailure) {
      _ = try await client.call(
        .get, "\(path)/serviceaccounts/\(account)", until: .now + Self.patience)
    } catch {
      guard error.kind == .notFound else { throw error }
      throw Refusal(
        description: "there is no service account `\(account)` in namespace `\(namespace)`: "
          + "kubectl apply -f rbac.yaml makes it (deploy/kubernetes in the sources)")
    }
  }

  private func request(_ lifetime: Duration) async throws -> String {
    let body = Self.json(TokenRequest(spec: .init(expirationSeconds: lifetime.components.seconds)))
    let answer = try await client.call(
      .post, "\(path)/serviceaccounts/\(account)/token", body: body, until: .now + Self.patience)
    guard let token = try? JSONDecoder().decode(TokenRequestAnswer.self, from: Data(answer)) else {
      throw Refusal(description: "the API server answered the request for a token without one")
    }
    return token.status.token
  }

  private func tokenOfSecret() async throws -> String {
    let name = "\(account)-token"
    let deadline = Instant.now + Self.patience
    do throws(APIFailure) {
      _ = try await client.call(
        .post, "\(path)/secrets",
        body: Self.json(Secret(name: name, namespace: namespace, account: account)),
        until: deadline)
    } catch {
      // It is there from the last time.
      guard error.reason == "AlreadyExists" else { throw error }
    }
    while Instant.now < deadline {
      let answer = try await client.call(.get, "\(path)/secrets/\(name)", until: deadline)
      let secret = try? JSONDecoder().decode(SecretAnswer.self, from: Data(answer))
      if let encoded = secret?.data?["token"], let octets = Data(base64Encoded: encoded) {
        return String(decoding: octets, as: UTF8.self)
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    throw Refusal(
      description: "the cluster put no token into the Secret `\(name)` within 10 s: "
        + "--lifetime asks for a token that ends instead")
  }

  /// JSON is YAML, and needs no quoting rules of its own.
  private func text(_ token: String, server: ServerURL) throws -> String {
    var cluster = ["server": server.text]
    switch client.access.authority {
    case .certificates(let material):
      let octets = try material.contents("certificate-authority")
      cluster["certificate-authority-data"] = Data(octets).base64EncodedString()
    case .system: break
    case .anybody:
      throw Refusal(
        description: "\(client.access.origin) trusts any server (insecure-skip-tls-verify): "
          + "nodes shall not; use a kubeconfig with the cluster's authority")
    }
    if let name = client.access.serverName { cluster["tls-server-name"] = name }
    let config = KubeconfigForm(
      clusters: [.init(name: "cluster", cluster: cluster)],
      users: [.init(name: account, user: ["token": token])],
      contexts: [
        .init(
          name: "announcer",
          context: ["cluster": "cluster", "user": account, "namespace": namespace])
      ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(config), as: UTF8.self) + "\n"
  }

  private static func json(_ value: some Encodable) -> [UInt8] {
    Array((try? JSONEncoder().encode(value)) ?? Data())
  }
}
