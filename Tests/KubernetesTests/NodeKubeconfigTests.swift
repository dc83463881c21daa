import FoundationEssentials
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// The kubeconfig that the nodes get. That its token works is tried on a real server (`RealClusterTests`).
@Suite(.timeLimit(.minutes(10))) struct NodeKubeconfigTests {
  private static let account = "/api/v1/namespaces/kube-system/serviceaccounts/announcer"
  private static let secrets = "/api/v1/namespaces/kube-system/secrets"

  private func status(_ code: Int, _ reason: String) -> String {
    """
    {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "\(reason)",
     "reason": "\(reason)", "code": \(code)}
    """
  }

  private func maker(_ server: ScriptedAPI) throws -> NodeKubeconfig {
    let access = try access(server.url, .token("admin")) { access in
      access.authority = .certificates(.octets(Array("pem".utf8)))
      access.serverName = "kubernetes"
    }
    return try NodeKubeconfig(APIClient(access), namespace: "kube-system", account: "announcer")
  }

  @Test func theTokenOfASecretIsWaitedForAndReadsBack() async throws {
    let looks = Mutex(0)
    try await ScriptedAPI.run { request, exchange in
      switch (request.method, request.path) {
      case ("GET", Self.account): exchange.answer("{}")
      // There from the last time.
      case ("POST", Self.secrets):
        exchange.answer(self.status(409, "AlreadyExists"), status: 409)
      case ("GET", "\(Self.secrets)/announcer-token"):
        let isFilled = looks.withLock { looks in
          looks += 1
          return looks > 1
        }
        exchange.answer(isFilled ? #"{"data": {"token": "c2VjcmV0"}}"# : "{}")
      default: exchange.answer(self.status(404, "NotFound"), status: 404)
      }
    } _: { server in
      let url = try #require(ServerURL("https://10.80.0.5:6443"))
      let text = try await maker(server).make(lifetime: nil, server: url)
      let read = try ClusterAccess.kubeconfig(text, file: "kubeconfig")
      #expect(read.server == url && read.serverName == "kubernetes")
      #expect(read.user.authorization == .token("secret"))
      #expect(read.authority == .certificates(.octets(Array("pem".utf8))))
      #expect(read.namespace == "kube-system")
      let made = try #require(server.requests(to: Self.secrets).first?.body)
      #expect(made.contains("kubernetes.io") && made.contains("service-account-token"))
    }
  }

  @Test func aTokenThatEndsIsAskedFor() async throws {
    try await ScriptedAPI.run { request, exchange in
      switch (request.method, request.path) {
      case ("GET", Self.account): exchange.answer("{}")
      case ("POST", "\(Self.account)/token"):
        exchange.answer(#"{"status": {"token": "short"}}"#, status: 201)
      default: exchange.answer(self.status(404, "NotFound"), status: 404)
      }
    } _: { server in
      let text = try await maker(server).make(lifetime: .seconds(3600))
      #expect(
        try ClusterAccess.kubeconfig(text, file: "k").user.authorization == .token("short"))
      #expect(
        server.requests(to: "\(Self.account)/token").first?.body.contains(
          #""expirationSeconds":3600"#) == true)
    }
  }

  @Test func anAccountThatIsNotThereIsExplained() async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.answer(self.status(404, "NotFound"), status: 404)
    } _: { server in
      await #expect {
        _ = try await maker(server).make(lifetime: nil)
      } throws: {
        "\($0)".contains("no service account `announcer` in namespace `kube-system`")
          && "\($0)".contains("rbac.yaml")
      }
    }
  }
}
