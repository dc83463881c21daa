internal import FoundationEssentials
internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

/// Real kube-apiservers on the etcd of a store, each on a host of its own.
struct APIServers: Sendable {
  let members: [StoreMember]
  let files: APIServerFiles

  static func hosts(_ layout: Layout) -> [String] { (0..<layout.apiServers).map { "api\($0)" } }
  static func address(_ index: Int) -> String { "172.20.0.\(21 + index)" }
  static func url(_ index: Int) -> String { "https://\(address(index)):6443" }

  /// Starts them and waits until they serve.
  static func start(
    _ layout: Layout, program: String, etcd: [String], on lan: LAN, in workplace: Workplace
  ) async throws -> APIServers {
    let hosts = hosts(layout)
    let files = try await APIServerFiles(
      in: workplace, addresses: hosts.indices.map(address))
    var members: [StoreMember] = []
    for (index, name) in hosts.enumerated() {
      try await lan[name].addAddress("\(address(index))/24")
      try files.writeKubeconfig(for: name, url: url(index))
      members.append(
        StoreMember(
          on: lan[name],
          arguments(program, files, address: address(index), name: name, etcd: etcd)))
    }
    let servers = APIServers(members: members, files: files)
    for member in members { try member.start() }
    try await servers.waitUntilServing()
    try await servers.grantRights()
    return servers
  }

  private static func arguments(
    _ program: String, _ files: APIServerFiles, address: String, name: String, etcd: [String]
  ) -> [String] {
    [
      program, "--etcd-servers=\(etcd.joined(separator: ","))",
      // Not protobuf, so that the harness can read what is in the etcd.
      "--storage-media-type=application/json",
      "--bind-address=\(address)", "--advertise-address=\(address)", "--secure-port=6443",
      "--insecure-port=0", "--cert-dir=\(files.directory)/\(name)",
      "--tls-cert-file=\(files.certificate)", "--tls-private-key-file=\(files.key)",
      "--client-ca-file=\(files.authority)", "--token-auth-file=\(files.tokens)",
      "--anonymous-auth=false", "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.96.0.0/12",
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-account-signing-key-file=\(files.accountKey)",
      "--service-account-key-file=\(files.accountKey)", "--endpoint-reconciler-type=none",
      "--audit-policy-file=\(files.auditPolicy)", "--audit-log-path=\(files.auditLog(name))",
    ]
  }

  /// Which server a node asks, by its place among the nodes.
  func index(ofNode index: Int) -> Int { index % members.count }

  /// Waits until every server that runs has the program's namespace; when that was.
  @discardableResult
  func waitUntilServing(within limit: Duration = .seconds(60)) async throws -> Instant {
    for (index, member) in members.enumerated() where member.isRunning {
      let served = await timeUntil(within: limit) {
        let answer = try? await call(
          "GET", "/api/v1/namespaces/\(LeaseReading.namespace)", of: index, withinSeconds: 1)
        return answer?.code == 200
      }
      guard served != nil, member.isRunning else {
        throw HarnessError("\(member.name) does not serve: \(member.log.suffix(1500))")
      }
    }
    return .now
  }

  /// How many requests of the nodes the servers have finished, by their own record.
  func finishedRequests() -> Int {
    members.reduce(0) { sum, member in
      let log = FileManager.default.contents(atPath: files.auditLog(member.name)) ?? Data()
      return sum + log.count { $0 == UInt8(ascii: "\n") }
    }
  }
}
