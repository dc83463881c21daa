import EtcdTestKit
import FoundationEssentials
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Testing

/// Users, passwords, tokens and certificates.
struct EtcdAccessTests {
  private func withUsers(
    _ body: (EtcdCluster, _ passwordFile: String) async throws -> Void
  ) async throws {
    try await EtcdCluster.run(authTokenLifetime: 1) { cluster in
      let file = "\(cluster.directory)/password"
      try Data("secret\n".utf8).write(to: URL(filePath: file))
      for command in [
        ["user", "add", "root:toor"], ["user", "grant-role", "root", "root"],
        ["role", "add", "announcers"],
        ["role", "grant-permission", "announcers", "--prefix=true", "readwrite", "/announcer/"],
        ["user", "add", "announcer:secret"],
        ["user", "grant-role", "announcer", "announcers"], ["auth", "enable"],
      ] { try await cluster.control(command) }
      try await body(cluster, file)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aTokenThatExpiresIsRenewed() async throws {
    try await withUsers { cluster, file in
      let client = try StoreClient(cluster.urls) {
        $0.userName = "announcer"
        $0.passwordFile = file
      }
      let session = try await client.open("a")
      _ = try await client.acquire([x], session)
      // The member forgets every token.
      await cluster.members[0].kill()
      try cluster.members[0].start()
      await eventually {
        (try? await client.store.renew(session, within: .seconds(1))) == .renewed
      }
      try await Task.sleep(for: .seconds(2.5))
      try await client.expectRenewal(of: session, .renewed)
      _ = try await client.acquire([y], session)
      #expect(try await client.read().claims.count == 2)
      await eventually {
        client.changes.contains { if case .claimed(y, _) = $0 { true } else { false } }
      }
      try await client.store.close(session, within: .seconds(5))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whoeverIsNotLetInIsToldWhy() async throws {
    try await withUsers { cluster, file in
      func complaint(_ change: (inout EtcdOptions) -> Void) async throws -> StoreFailure? {
        let client = try StoreClient(cluster.urls, change)
        return await failure {
          _ = try await client.store.open(
            node: "a", timeToLive: .seconds(5), within: .seconds(3))
        }
      }
      let nobody = try await complaint { _ in }
      #expect(nobody?.kind == .refused)
      #expect(nobody?.text.contains("lease.etcd.username") == true, "\(nobody as Any)")
      let elsewhere = try await complaint {
        $0.userName = "announcer"
        $0.passwordFile = file
        $0.prefix = "/registry"
      }
      #expect(elsewhere?.kind == .refused)
      #expect(elsewhere?.text.contains("`/registry/`") == true, "\(elsewhere as Any)")
      try Data("wrong\n".utf8).write(to: URL(filePath: file))
      let wrong = try await complaint {
        $0.userName = "announcer"
        $0.passwordFile = file
      }
      #expect(wrong?.kind == .refused)
      #expect(wrong?.text.contains("`announcer`") == true && wrong?.text.contains(file) == true)
      #expect(wrong?.text.contains("wrong") == false, "the password is in: \(wrong as Any)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aPasswordThatIsRightAgainIsReadAgain() async throws {
    try await withUsers { cluster, file in
      try Data("wrong".utf8).write(to: URL(filePath: file))
      let client = try StoreClient(cluster.urls) {
        $0.userName = "announcer"
        $0.passwordFile = file
      }
      _ = await failure {
        _ = try await client.store.open(node: "a", timeToLive: .seconds(5), within: .seconds(3))
      }
      try Data("secret".utf8).write(to: URL(filePath: file))
      _ = try await client.open("a")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aUserIsNoHindranceWhereAuthenticationIsOff() async throws {
    try await EtcdCluster.run { cluster in
      let file = "\(cluster.directory)/password"
      try Data("secret".utf8).write(to: URL(filePath: file))
      let client = try StoreClient(cluster.urls) {
        $0.userName = "announcer"
        $0.passwordFile = file
      }
      _ = try await client.open("a")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func certificatesLetInOrAreComplainedAbout() async throws {
    try await EtcdCluster.run(tls: true) { cluster in
      let tls = cluster.plan.tls!
      func client(_ change: (inout EtcdOptions) -> Void = { _ in }) throws -> StoreClient {
        try StoreClient(cluster.urls) {
          $0.authority = tls.authority
          $0.certificate = tls.clientCertificate
          $0.key = tls.clientKey
          change(&$0)
        }
      }
      func complaint(
        _ words: String, _ kind: StoreFailure.Kind = .misconfigured,
        sourceLocation: SourceLocation = #_sourceLocation, _ change: (inout EtcdOptions) -> Void
      ) async {
        let failure = await failure(sourceLocation: sourceLocation) {
          _ = try await client(change).store.open(
            node: "a", timeToLive: .seconds(5), within: .seconds(3))
        }
        #expect(failure?.kind == kind, "\(failure as Any)", sourceLocation: sourceLocation)
        #expect(
          failure?.text.contains(words) == true, "\(failure as Any)",
          sourceLocation: sourceLocation)
      }
      let good = try client()
      let session = try await good.open("a")
      _ = try await good.acquire([x], session)
      try await good.expectRenewal(of: session, .renewed)

      await complaint("not signed by `\(tls.otherAuthority)`") { $0.authority = tls.otherAuthority }
      await complaint("ended 2020-01-01") { $0.certificate = tls.expiredCertificate }
      await complaint("is not that of the certificate") { $0.key = tls.serverKey }
      await complaint("no such file") { $0.certificate = "/nowhere/client.pem" }
      await complaint("no certificate in PEM form") { $0.authority = tls.clientKey }
      await complaint("no private key in PEM form") { $0.key = tls.authority }
      await complaint("go together") { $0.key = nil }
      await complaint("certificate") {
        $0.key = nil
        $0.certificate = nil
      }
      let elsewhere = try TCPProxy(to: cluster.members[0].plan.clientPort, lastOctet: 2)
      await complaint("does not name this host: it was reached by an address that") {
        $0.endpoints = ["https://\(elsewhere.host):\(elsewhere.port)"]
      }
      await complaint("closed the connection", .unreachable) {
        $0.endpoints = ["http://127.0.0.1:\(cluster.members[0].plan.clientPort)"]
      }
    }
  }

  /// etcd would not know whether the certificate or the password tells who asks.
  @Test(.timeLimit(.minutes(10)))
  func aCertificateWithACommonNameAndUsersAreSaidNotToGoTogether() async throws {
    try await EtcdCluster.run(tls: true) { cluster in
      let tls = cluster.plan.tls!
      let file = "\(cluster.directory)/password"
      try Data("toor".utf8).write(to: URL(filePath: file))
      for command in [
        ["user", "add", "root:toor"], ["user", "grant-role", "root", "root"], ["auth", "enable"],
      ] { try await cluster.control(command) }
      func client(_ certificate: String) throws -> StoreClient {
        try StoreClient(cluster.urls) {
          $0.authority = tls.authority
          $0.certificate = certificate
          $0.key = tls.clientKey
          $0.userName = "root"
          $0.passwordFile = file
        }
      }
      let named = try client(tls.clientCertificate)
      let failure = await failure {
        _ = try await named.store.open(node: "a", timeToLive: .seconds(5), within: .seconds(3))
      }
      #expect(failure?.kind == .misconfigured, "\(failure as Any)")
      let words = "no client certificate whose subject has a CommonName: replace"
      #expect(
        failure?.text.contains("\(words) `\(tls.clientCertificate)`") == true, "\(failure as Any)")
      _ = try await client(tls.namelessCertificate).open("a")
    }
  }

  /// The clock of one of the two is wrong, most likely.
  @Test(.timeLimit(.minutes(10)))
  func aCertificateOfTheFutureIsSaidToDependOnTheClock() async throws {
    try await EtcdCluster.run(tls: true) { cluster in
      let tls = cluster.plan.tls!
      // etcd reads the file for each handshake.
      try Data(contentsOf: URL(filePath: tls.futureServerCertificate))
        .write(to: URL(filePath: tls.serverCertificate))
      let client = try StoreClient(cluster.urls) {
        $0.authority = tls.authority
        $0.certificate = tls.clientCertificate
        $0.key = tls.clientKey
      }
      let failure = await failure {
        _ = try await client.store.open(node: "a", timeToLive: .seconds(5), within: .seconds(3))
      }
      #expect(
        failure?.text.contains("not yet valid (is this node's clock right?)") == true,
        "\(failure as Any)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func httpsToWhatSpeaksHTTPIsSaidSo() async throws {
    try await EtcdCluster.run { cluster in
      let client = try StoreClient(["https://127.0.0.1:\(cluster.members[0].plan.clientPort)"])
      let failure = await failure {
        _ = try await client.store.open(node: "a", timeToLive: .seconds(5), within: .seconds(3))
      }
      #expect(failure?.kind == .unreachable)
      #expect(failure?.text.contains("does it speak https?") == true, "\(failure as Any)")
    }
  }
}
