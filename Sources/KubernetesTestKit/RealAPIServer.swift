internal import CLinux
package import EtcdTestKit
internal import FoundationEssentials
internal import Glibc
internal import LANTestKit
internal import LinuxSystem
internal import Synchronization

/// A real kube-apiserver with an etcd, as child processes; several may share one etcd.
///
/// `make test-kubernetes` builds the program and names it in `ANNOUNCER_KUBE_APISERVER`.
package final class RealAPIServer: Sendable {
  package let url: String
  package let token: String
  private let backend: RealBackend
  package let port: UInt16
  private let program: String
  private let process = Mutex<RunningProcess?>(nil)

  /// The program that `ANNOUNCER_KUBE_APISERVER` names; nil where it names none.
  package static let program: String? = unsafe getenv("ANNOUNCER_KUBE_APISERVER")
    .map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }

  /// Why no real server can be started; nil where one can.
  package static let reasonNotAvailable: String? = {
    guard let program else {
      return "ANNOUNCER_KUBE_APISERVER names no kube-apiserver (make test-kubernetes does)"
    }
    return FileManager.default.isExecutableFile(atPath: program) ? nil : "\(program) is no program"
  }()

  /// Starts one, and waits until it is ready.
  ///
  /// - Parameters:
  ///   - other: shares its etcd, and so its objects, with this one.
  ///   - kinds: custom kinds to serve; as many as an `APIServer` has unless told otherwise.
  package static func start(
    beside other: RealAPIServer? = nil, kinds: [APIKind] = [.policy(), .pool()]
  ) async throws -> RealAPIServer {
    guard let program, reasonNotAvailable == nil else {
      throw TestClusterError(reasonNotAvailable ?? "")
    }
    let backend: RealBackend
    if let other { backend = other.backend } else { backend = try await RealBackend.start() }
    while true {
      let server = RealAPIServer(program, backend, freePorts(1)[0])
      do {
        try await server.restart()
        for kind in kinds { try await server.install(kind) }
        return server
      } catch {
        let isTaken = server.log.contains("address already in use")
        await server.end()
        // A stranger has taken the port since we looked.
        guard isTaken else {
          await backend.leave()
          throw error
        }
        backend.part()
      }
    }
  }

  private init(_ program: String, _ backend: RealBackend, _ port: UInt16) {
    self.program = program
    self.backend = backend
    self.port = port
    token = backend.token
    backend.join()
    url = "https://127.0.0.1:\(port)"
  }

  deinit { process.withLock { $0 }?.signal(SIGKILL) }

  /// Ends it, and the etcd when nobody else uses it; the last user's call waits for that.
  package func stop() async {
    await end()
    await backend.leave()
  }

  private func end() async { await process.withLock { $0 }?.stop() }

  package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }
  package var pid: Int32? { process.withLock { $0?.pid } }
  /// What it wrote, for the message of a test that failed.
  package var log: String { process.withLock { $0?.standardError ?? "" } }
  /// The etcd behind it.
  package var etcd: EtcdMember { backend.member }

  private var arguments: [String] {
    let files = backend.files
    return [
      program, "--etcd-servers=\(backend.member.url)", "--bind-address=127.0.0.1",
      "--secure-port=\(port)", "--cert-dir=\(files.directory)",
      "--tls-cert-file=\(files.serverCertificate)",
      "--tls-private-key-file=\(files.serverKey)", "--client-ca-file=\(files.authority)",
      "--token-auth-file=\(backend.tokenFile)", "--anonymous-auth=false",
      "--authorization-mode=RBAC", "--service-cluster-ip-range=10.96.0.0/12",
      // Every Service of type LoadBalancer takes one.
      "--service-node-port-range=10000-50000",
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-account-signing-key-file=\(files.clientKey)",
      "--service-account-key-file=\(files.clientCertificate)",
      // It would announce its own address, which must not be on loopback.
      "--endpoint-reconciler-type=none",
    ]
  }
}

extension RealAPIServer: TestCluster {
  package var kind: TestClusterKind { .real }
  package var authority: String? { backend.files.authority }

  package func kill() async throws { await end() }

  package func restart() async throws {
    let new = try RunningProcess(arguments)
    process.withLock { $0 = new }
    let ready = await timeUntil(within: .seconds(60)) {
      guard new.isRunning else { return true }
      return (try? await call("GET", "/readyz", within: .seconds(1)).code) == 200
    }
    guard ready != nil, new.isRunning else {
      throw TestClusterError(
        "kube-apiserver does not become ready:\n\(new.standardError.suffix(3000))")
    }
  }

  package func backUp() async throws -> ClusterBackup {
    await end()
    let copy = try await backend.copyData()
    try await restart()
    return ClusterBackup { [self] in
      await end()
      try await backend.putBack(copy)
      try await restart()
    }
  }

  package func freeze() { process.withLock { $0 }?.freeze() }
  package func thaw() { process.withLock { $0 }?.thaw() }

  /// In the etcd, and with a restart, because the server's own cache remembers as well.
  package func compact() async throws {
    try await etcd.compact(to: etcd.status().header.revision)
    await end()
    try await restart()
  }

  package func install(_ kind: APIKind) async throws {
    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    let there = try await call("GET", "\(path)/\(kind.resource)")
    var definition = Self.withEmptyMessages(try kind.definition())
    let answer: ClusterAnswer
    if there.code == 404 {
      answer = try await call("POST", path, body: definition)
    } else {
      definition["metadata"]["resourceVersion"] = .string(there.resourceVersion)
      answer = try await call("PUT", "\(path)/\(kind.resource)", body: definition)
    }
    guard [200, 201].contains(answer.code) else { throw TestClusterError(answer.text) }
    let served = try await timeUntil(within: .seconds(30)) {
      for version in kind.versions {
        guard try await call("GET", kind.path(version)).code == 200 else { return false }
      }
      return true
    }
    guard served != nil else { throw TestClusterError("\(kind.resource) is not served") }
  }

  /// Lets the message of a condition be null.
  ///
  /// This server, which a newer Go compiled than its authors used, takes an empty text for null when it checks types:
  /// `go-openapi/validate` compares places in memory, and with this Go all empty texts have the same one. Servers as
  /// they are distributed take an empty message.
  private static func withEmptyMessages(_ definition: JSON) -> JSON {
    var definition = definition
    definition["spec"]["versions"] = .array(
      definition["spec"]["versions"].array.map { version in
        var version = version
        version["schema"]["openAPIV3Schema"]["properties"]["status"]["properties"]["conditions"][
          "items"]["properties"]["message"]["nullable"] = true
        return version
      })
    return definition
  }

  package func uninstall(_ kind: APIKind) async throws {
    _ = try await call(
      "DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/\(kind.resource)")
    let gone = try await timeUntil(within: .seconds(30)) {
      try await call("GET", kind.path()).code == 404
    }
    guard gone != nil else { throw TestClusterError("\(kind.resource) is still served") }
  }
}
