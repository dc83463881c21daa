/// What the members of an etcd cluster are to be started with; starts nothing itself, so that each
/// member may run where a test wants it: on loopback, or in a network namespace of its own.
///
/// Source: `etcd --help` of 3.4.
package struct EtcdClusterPlan: Sendable {
  package var members: [EtcdMemberPlan]
  /// Milliseconds between the leader's signs of life.
  package var heartbeat: Int
  /// Milliseconds after which a follower stands for leader; at least five heartbeats.
  package var election: Int
  /// Clients and members use https with these files; nil for http.
  package var tls: EtcdTLSFiles?
  /// Octets the database may have before NOSPACE; nil for etcd's own limit.
  package var quota: Int?
  /// Seconds that a token of authentication lasts unused; nil for etcd's 300.
  package var authTokenLifetime: Int?
  /// Appended as they are.
  package var extraArguments: [String]

  package init(
    members: [EtcdMemberPlan], heartbeat: Int = 100, election: Int = 1000,
    tls: EtcdTLSFiles? = nil, quota: Int? = nil, authTokenLifetime: Int? = nil,
    extraArguments: [String] = []
  ) {
    self.members = members
    self.heartbeat = heartbeat
    self.election = election
    self.tls = tls
    self.quota = quota
    self.authTokenLifetime = authTokenLifetime
    self.extraArguments = extraArguments
  }

  package var scheme: String { tls == nil ? "http" : "https" }

  package func clientURL(of member: EtcdMemberPlan) -> String {
    "\(scheme)://\(member.host):\(member.clientPort)"
  }

  package func peerURL(of member: EtcdMemberPlan) -> String {
    "http://\(member.host):\(member.peerPort)"
  }

  package var clientURLs: [String] { members.map(clientURL(of:)) }

  /// The command line of one member. Run again after its end, it goes on with the data it has.
  package func arguments(of member: EtcdMemberPlan) -> [String] {
    var arguments = [
      "etcd", "--name", member.name, "--data-dir", member.dataDirectory,
      "--listen-client-urls", clientURL(of: member),
      "--advertise-client-urls", clientURL(of: member),
      "--listen-peer-urls", peerURL(of: member),
      "--initial-advertise-peer-urls", peerURL(of: member),
      "--initial-cluster", members.map { "\($0.name)=\(peerURL(of: $0))" }.joined(separator: ","),
      "--initial-cluster-state", "new", "--heartbeat-interval", "\(heartbeat)",
      "--election-timeout", "\(election)",
    ]
    if let tls {
      arguments += [
        "--cert-file", tls.serverCertificate, "--key-file", tls.serverKey,
        "--trusted-ca-file", tls.authority, "--client-cert-auth",
      ]
    }
    if let quota { arguments += ["--quota-backend-bytes", "\(quota)"] }
    if let authTokenLifetime { arguments += ["--auth-token-ttl", "\(authTokenLifetime)"] }
    return arguments + extraArguments
  }

  /// The command line of `etcdctl` for this cluster, or for one member of it.
  package func controlArguments(
    _ command: [String], member: EtcdMemberPlan? = nil, user: String? = nil
  ) -> [String] {
    let endpoints = member.map { [clientURL(of: $0)] } ?? clientURLs
    var arguments = ["etcdctl", "--endpoints", endpoints.joined(separator: ",")]
    if let tls {
      arguments += [
        "--cacert", tls.authority, "--cert", tls.clientCertificate, "--key", tls.clientKey,
      ]
    }
    if let user { arguments += ["--user", user] }
    return arguments + command
  }
}
