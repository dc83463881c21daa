import Testing

@testable import Kubernetes

struct KubeconfigTests {
  private static let file = "/etc/announcer/kubeconfig"

  private func read(_ text: String, context: String? = nil) throws -> ClusterAccess {
    try ClusterAccess.kubeconfig(text, file: Self.file, context: context)
  }

  /// A kubeconfig with these fields of its cluster and user.
  private static func config(
    cluster: String = "", user: String = "", server: String = "https://10.80.0.5:6443"
  ) -> String {
    func indented(_ text: String) -> String {
      text.split(separator: "\n").map { "\n      \($0)" }.joined()
    }
    return """
      apiVersion: v1
      kind: Config
      current-context: here
      preferences: {}
      clusters:
        - name: cluster-a
          cluster:
            server: \(server)\(indented(cluster))
      users:
        - name: user-a
          user:
            unknown: 1\(indented(user))
      contexts:
        - name: here
          context: {cluster: cluster-a, user: user-a, namespace: kube-system}
      """
  }

  @Test func whatMatters() throws {
    let access = try read(
      Self.config(
        cluster: "certificate-authority-data: aGVs\ntls-server-name: kubernetes",
        user: "token: 0123"))
    #expect(access.origin == Self.file)
    #expect(access.server.text == "https://10.80.0.5:6443")
    #expect(access.authority == .certificates(.octets(Array("hel".utf8))))
    #expect(access.serverName == "kubernetes")
    #expect(access.user.authorization == .token("0123"))
    #expect(access.namespace == "kube-system")
    #expect(access.warnings.isEmpty)
  }

  @Test func pathsCountFromTheFilesFolder() throws {
    let access = try read(
      Self.config(
        cluster: "certificate-authority: pki/ca.pem",
        user: "client-certificate: node.pem\nclient-key: /keys/node.key\ntokenFile: ../token"))
    #expect(access.authority == .certificates(.file("/etc/announcer/pki/ca.pem")))
    #expect(access.user.certificate?.chain == .file("/etc/announcer/node.pem"))
    #expect(access.user.certificate?.key == .file("/keys/node.key"))
    #expect(access.user.authorization == .tokenFile("/etc/announcer/../token"))
  }

  @Test func whatIsWrittenDownGoesBeforeTheFile() throws {
    let access = try read(
      Self.config(
        cluster: "certificate-authority: ca.pem\ncertificate-authority-data: aGVs",
        user: "token: old\ntokenFile: /token"))
    #expect(access.authority == .certificates(.octets(Array("hel".utf8))))
    // The other way round: the file is the one that is kept up to date.
    #expect(access.user.authorization == .tokenFile("/token"))
  }

  @Test func userAndPassword() throws {
    let access = try read(Self.config(user: "username: jane\npassword: 0x1F"))
    #expect(access.user.authorization == .password(user: "jane", password: "0x1F"))
  }

  @Test func impersonation() throws {
    let access = try read(Self.config(user: "token: t\nas: jane\nas-uid: u\nas-groups: [a, b]"))
    #expect(
      access.user.impersonation.map { "\($0.name)=\($0.value)" } == [
        "Impersonate-User=jane", "Impersonate-Uid=u", "Impersonate-Group=a", "Impersonate-Group=b",
      ])
  }

  @Test func execPlugIns() throws {
    let access = try read(
      Self.config(
        cluster: """
          extensions:
            - name: client.authentication.k8s.io/exec
              extension: {audience: "a\\"b", count: 3, quoted: "3", list: [true, null]}
          """,
        user: """
          exec:
            apiVersion: client.authentication.k8s.io/v1beta1
            command: bin/get-token
            args: [--cluster, "1"]
            env: [{name: REGION, value: here}]
            installHint: apt install it
            provideClusterInfo: true
            interactiveMode: IfAvailable
          """))
    let plugIn = try #require(access.execPlugIn)
    #expect(plugIn.command == "/etc/announcer/bin/get-token")
    #expect(plugIn.arguments == ["--cluster", "1"])
    #expect(plugIn.environment == ["REGION": "here"])
    #expect(plugIn.apiVersion == "client.authentication.k8s.io/v1beta1")
    #expect(plugIn.installHint == "apt install it")
    #expect(
      plugIn.clusterSettings.map { String(decoding: $0, as: UTF8.self) }
        == #"{"audience":"a\"b","count":3,"quoted":"3","list":[true,null]}"#)
  }

  @Test func aTokenGoesBeforeAPlugIn() throws {
    let exec = "exec: {apiVersion: client.authentication.k8s.io/v1, command: a}"
    let access = try read(Self.config(user: "token: t\n\(exec)"))
    #expect(access.user.authorization == .token("t"))
    #expect(access.warnings.first?.contains("not run") == true)
  }

  @Test(
    arguments: [
      ("http://10.80.0.1:3128", ClusterProxy.Scheme.http, "10.80.0.1", 3128, nil),
      ("http://me:pass@proxy.example", .http, "proxy.example", 80, "me:pass"),
      ("socks5://[2001:db8::1]", .socks5, "2001:db8::1", 1080, nil),
    ] as [(String, ClusterProxy.Scheme, String, Int, String?)])
  func proxies(
    _ url: String, _ scheme: ClusterProxy.Scheme, _ host: String, _ port: Int, _ user: String?
  ) throws {
    let proxy = try #require(
      try read(
        Self.config(cluster: "tls-server-name: kubernetes\nproxy-url: \"\(url)\"")
      ).proxy)
    #expect(proxy.scheme == scheme)
    #expect(proxy.host == host)
    #expect(proxy.port == port)
    #expect(proxy.credentials == user)
  }

  @Test func whatIsNotWellIsAWarning() throws {
    let insecure = try read(Self.config(cluster: "insecure-skip-tls-verify: true"))
    #expect(insecure.authority == .anybody)
    #expect(insecure.warnings.first?.contains("insecure-skip-tls-verify") == true)
    let plain = try read(Self.config(user: "token: t", server: "http://10.80.0.5"))
    #expect(plain.warnings.first?.contains("in the clear") == true)
  }

  @Test func anotherContext() throws {
    let text = """
      clusters: [{name: c, cluster: {server: "https://[2001:db8::5]:6443/k8s/"}}]
      contexts: [{name: a, context: {cluster: x}}, {name: b, context: {cluster: c}}]
      current-context: a
      """
    let access = try read(text, context: "b")
    #expect(access.server.host == "2001:db8::5")
    #expect(access.server.text == "https://[2001:db8::5]:6443/k8s")
    #expect(access.user == ClusterUser())
    #expect(access.namespace == nil)
  }

  @Test func aFileThatIsNotThere() {
    let fault = #expect(throws: AccessFault.self) {
      try ClusterAccess.kubeconfig(file: "/nowhere/kubeconfig")
    }
    #expect(
      fault?.description == "cannot read the kubeconfig `/nowhere/kubeconfig`: no such file")
  }

  static let faults: [(String, String)] = [
    ("", "the file is empty; a kubeconfig has"),
    ("~", "the file is empty"),
    ("[1]", ":1:1: this is no mapping"),
    ("kind: List\nitems: []", ":1:7: this is a `List`; a kubeconfig has"),
    ("kind: Config\napiVersion: v2", ":2:13: `apiVersion: v2` is not known"),
    ("a: [", "this is not YAML"),
    ("a: 1\na: 2", "the key `a` is written twice"),
    ("? [*a]\n: 1\nb: &a 1\nc: *a", "a key must be plain text"),
    ("kind: Config", "`current-context` is missing; write one of the contexts there are: none"),
    (
      "contexts: [{name: a}, {name: b}]",
      "`current-context` is missing; write one of the contexts there are: `a`, `b`"
    ),
    (
      "current-context: z\ncontexts: [{name: a}]",
      ":1:18: there is no context `z`; contexts there are: `a`"
    ),
    ("current-context: a\ncontexts: [{name: a, context: }]", "the context `a` names no `cluster`"),
    ("contexts: 3\ncurrent-context: a", ":1:11: `contexts`: a list is expected here"),
    ("contexts: [3]\ncurrent-context: a", ":1:12: `contexts`: a mapping is expected here"),
    (
      config().replacing("cluster-a\n", "cluster-b\n"),
      ":15:24: there is no cluster `cluster-a`; clusters there are: `cluster-b`"
    ),
    (
      config().replacing("user-a\n", "user-b\n"),
      "there is no user `user-a`; users there are: `user-b`"
    ),
    (config(server: ""), "the cluster `cluster-a` has no `server`; write for instance https://"),
    (config(server: "10.80.0.5:6443"), ":8:15: the server `10.80.0.5:6443` of the cluster `clu"),
    (config(server: "ftp://a"), "is no URL like https://10.80.0.5:6443"),
    (
      config(cluster: "certificate-authority-data: '!'"), "`certificate-authority-data` is not base"
    ),
    (
      config(cluster: "insecure-skip-tls-verify: true\ncertificate-authority: a"),
      "contradict each other"
    ),
    (config(cluster: "insecure-skip-tls-verify: maybe"), "true or false is expected here"),
    (config(cluster: "tls-server-name: 10.80.0.6"), "must be a name of the server's certificate"),
    (config(cluster: "proxy-url: https://p"), "proxy-url: a proxy that is spoken to in TLS is not"),
    (config(cluster: "proxy-url: p:1"), "proxy-url: `p:1` is no proxy like http://"),
    (config(cluster: "proxy-url: socks5://a:b@p"), "not possible for a SOCKS proxy"),
    (config(cluster: "proxy-url: http://p"), "can only be verified by a name"),
    (config(user: "client-key-data: aGVs"), "only one of `client-certificate` and `client-key`"),
    (config(user: "token: a\nusername: b"), "has a token and a user name"),
    (config(user: "token: [a]"), ":13:14: `token`: text is expected here"),
    (config(user: "username: a:b"), "a user name with a colon"),
    (config(user: "auth-provider: {name: gcp}"), "`auth-provider` of the user `user-a`"),
    (config(user: "exec: {apiVersion: v1}"), "the `exec` of the user `user-a` has no `command`"),
    (
      config(user: "exec: {command: a}"), "must have `apiVersion` `client.authentication.k8s.io/v1`"
    ),
    (
      config(
        user: "exec: {command: a, apiVersion: client.authentication.k8s.io/v1, "
          + "interactiveMode: Always}"),
      "needs somebody at a terminal"
    ),
  ]

  @Test(arguments: faults)
  func faultsNameThePlaceAndWhatWouldBeRight(_ text: String, _ words: String) throws {
    let fault = #expect(throws: AccessFault.self) { try read(text) }
    let description = fault?.description ?? ""
    #expect(description.hasPrefix(Self.file))
    #expect(description.contains(words), "\(description)")
    #expect(!description.contains("\n"))
  }
}

extension String {
  fileprivate func replacing(_ part: String, _ other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
  }
}
