import EtcdTestKit
import LANTestKit
import LinuxSystem
import NIOHTTP1
import NIOSSL
import Synchronization
import Testing
import Time

@testable import Kubernetes

@Suite(.timeLimit(.minutes(10))) struct TLSTests {
  private func serverTLS(
    _ files: EtcdTLSFiles, certificate: String? = nil, key: String? = nil, asksForOurs: Bool = false
  ) throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificate ?? files.serverCertificate)
        .map { .certificate($0) },
      privateKey: .privateKey(
        try NIOSSLPrivateKey(file: key ?? files.serverKey, format: .pem)))
    if asksForOurs {
      tls.certificateVerification = .noHostnameVerification
      tls.trustRoots = .file(files.authority)
    }
    return tls
  }

  private func run(
    hosts: [String] = ["127.0.0.1"],
    _ body: (Folder, EtcdTLSFiles) async throws -> Void
  ) async throws {
    try await Folder.run { folder in
      try await body(folder, try await EtcdTLSFiles(in: folder.path, hosts: hosts))
    }
  }

  @Test func theServersCertificateIsVerified() async throws {
    try await run { _, files in
      try await ScriptedAPI.run(tls: serverTLS(files)) {
        $1.answer(good)
      } _: { server in
        let client = try APIClient(
          access(server.url) { $0.authority = .certificates(.file(files.authority)) })
        _ = try await client.call(.get, "/", until: soon())

        let other = try APIClient(
          access(server.url) { $0.authority = .certificates(.file(files.otherAuthority)) })
        let failure = await failure { _ = try await other.call(.get, "/", until: soon()) }
        #expect(failure?.kind == .misconfigured)
        #expect(failure?.mayHaveTakenEffect == false)
        #expect(failure?.text.contains("not signed by `\(files.otherAuthority)`") == true)

        let anybody = try APIClient(access(server.url) { $0.authority = .anybody })
        _ = try await anybody.call(.get, "/", until: soon())
      }
    }
  }

  @Test func anExpiredServerIsNotBelieved() async throws {
    try await run { _, files in
      let tls = try serverTLS(files, certificate: files.expiredCertificate, key: files.clientKey)
      try await ScriptedAPI.run(tls: tls) {
        $1.answer(good)
      } _: { server in
        let client = try APIClient(
          access(server.url) { $0.authority = .certificates(.file(files.authority)) })
        let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
        #expect(failure?.text.contains("it is expired") == true)
      }
    }
  }

  @Test func theNameToVerifyIsAnotherThanTheHost() async throws {
    try await run(hosts: ["kubernetes"]) { _, files in
      try await ScriptedAPI.run(tls: serverTLS(files)) {
        $1.answer(good)
      } _: { server in
        func client(_ name: String?) throws -> APIClient {
          try APIClient(
            access(server.url) {
              $0.authority = .certificates(.file(files.authority))
              $0.serverName = name
            })
        }
        _ = try await client("kubernetes").call(.get, "/", until: soon())
        #expect(server.requests.first?.headers["Host"] == ["127.0.0.1:\(server.port)"])
        for name in [nil, "elsewhere"] {
          let client = try client(name)
          let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
          #expect(failure?.kind == .misconfigured)
          #expect(
            failure?.text.contains("does not name this host") == true, "\(failure?.text ?? "")")
        }
      }
    }
  }

  @Test func throughAProxy() async throws {
    try await run(hosts: ["kubernetes"]) { _, files in
      try await ScriptedAPI.run(tls: serverTLS(files)) {
        $1.answer(good)
      } _: { server in
        let proxy = try await ConnectProxy()
        let client = try APIClient(
          access(server.url) {
            $0.authority = .certificates(.file(files.authority))
            $0.serverName = "kubernetes"
            $0.proxy = try? ClusterProxy("http://jane:secret@127.0.0.1:\(proxy.port)")
          })
        _ = try await client.call(.get, "/", until: soon())
        #expect(proxy.heads.first?.hasPrefix("CONNECT 127.0.0.1:\(server.port) ") == true)
        #expect(
          proxy.heads.first?.lowercased().contains("proxy-authorization: basic") == true)
        await proxy.stop()
      }
    }
  }

  @Test func weShowOurCertificate() async throws {
    try await run { folder, files in
      let tls = try serverTLS(files, asksForOurs: true)
      try await ScriptedAPI.run(tls: tls) {
        $1.answer(good)
      } _: { server in
        func client(_ certificate: ClusterUser.Certificate?) throws -> APIClient {
          try APIClient(
            access(server.url) {
              $0.authority = .certificates(.file(files.authority))
              $0.user.certificate = certificate
            })
        }
        let ours = ClusterUser.Certificate(
          chain: .file(files.clientCertificate), key: .file(files.clientKey))
        _ = try await client(ours).call(.get, "/", until: soon())
        let octets = ClusterUser.Certificate(
          chain: .octets(try ours.chain.contents("")), key: .octets(try ours.key.contents("")))
        _ = try await client(octets).call(.get, "/", until: soon())
        #expect(server.requests.allSatisfy { $0.clientCertificate?.contains("announcer") == true })
        let nobody = try client(nil)
        let failure = await failure { _ = try await nobody.call(.put, "/", until: soon()) }
        #expect(failure != nil)
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test func aCertificateThatIsReplacedIsUsed() async throws {
    try await run { folder, files in
      let tls = try serverTLS(files, asksForOurs: true)
      try await ScriptedAPI.run(tls: tls) {
        $1.answer(good)
      } _: { server in
        let chain = try folder.write("own.pem", folder.read("client.pem"))
        let key = try folder.write("own-key.pem", folder.read("client-key.pem"))
        let client = try APIClient(
          access(server.url) {
            $0.authority = .certificates(.file(files.authority))
            $0.user.certificate = .init(chain: .file(chain), key: .file(key))
          })
        _ = try await client.call(.get, "/", until: soon())
        // Half of it is there: the former one counts.
        try folder.write("own.pem", folder.read("server.pem"))
        client.credentials.age()
        _ = try await client.call(.get, "/", until: soon())
        #expect(server.requests.allSatisfy { $0.clientCertificate?.contains("announcer") == true })
        try folder.write("own-key.pem", folder.read("server-key.pem"))
        try await eventually {
          client.credentials.age()
          _ = try await client.call(.get, "/", until: soon())
          return server.requests.last?.clientCertificate?.contains("common_name=etcd") == true
        }
      }
    }
  }

  @Test func aPlugInsCertificateIsShown() async throws {
    try await run { folder, files in
      let tls = try serverTLS(files, asksForOurs: true)
      try await ScriptedAPI.run(tls: tls) {
        $1.answer(good)
      } _: { server in
        let answer =
          #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":"#
          + #"{"clientCertificateData":\#(try folder.read("client.pem").jsonText),"#
          + #""clientKeyData":\#(try folder.read("client-key.pem").jsonText)}}"#
        try folder.write("out", answer)
        let command = try folder.write(
          "plug-in", "#!/bin/sh\ncat \(folder.path)/out\n", mode: 0o700)
        let client = try APIClient(
          access(server.url, .exec(ExecPlugIn(command: command))) {
            $0.authority = .certificates(.file(files.authority))
          })
        _ = try await client.call(.get, "/", until: soon())
        #expect(server.requests.first?.clientCertificate?.contains("announcer") == true)
      }
    }
  }

  @Test func badFilesAreSaidAtTheStart() async throws {
    try await run { folder, files in
      let cases: [(Material, Material, Material, String)] = [
        (
          .file("\(folder.path)/none"), .file(files.clientCertificate), .file(files.clientKey),
          "cannot read `\(folder.path)/none` (certificate-authority): no such file"
        ),
        (
          .file(files.clientKey), .file(files.clientCertificate), .file(files.clientKey),
          "the authority in `\(files.clientKey)` is no certificate in PEM form"
        ),
        (
          .file(files.authority), .file(files.expiredCertificate), .file(files.clientKey),
          "the certificate in `\(files.expiredCertificate)` ended 2020-01-01T00:00:00Z"
        ),
        (
          .file(files.authority), .file(files.clientCertificate), .file(files.serverKey),
          "the key in `\(files.serverKey)` is not that of the certificate in"
        ),
        (
          .file(files.authority), .file(files.clientCertificate), .octets([65]),
          "the key is no private key in PEM form"
        ),
      ]
      for (authority, chain, key, words) in cases {
        let access = try access("https://127.0.0.1:1") {
          $0.authority = .certificates(authority)
          $0.user.certificate = .init(chain: chain, key: key)
        }
        let fault = #expect(throws: AccessFault.self) { try APIClient(access) }
        #expect(fault?.description.hasPrefix(words) == true, "\(fault?.description ?? "")")
      }
    }
  }

  @Test func plainHTTPWhereTLSIsSpoken() async throws {
    try await run { _, files in
      try await ScriptedAPI.run {
        $1.answer(good)
      } _: { server in
        let url = "https" + server.url.dropFirst(4)
        let client = try APIClient(
          access(url) { $0.authority = .certificates(.file(files.authority)) })
        let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
        #expect(failure?.text.contains("TLS: it does not speak https") == true)
      }
    }
  }
}
