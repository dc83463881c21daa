import BugReport
import Testing

@Suite struct YAMLRedactionTests {
  @Test func secretsGoAndPathsStay() throws {
    let redaction = try YAMLRedaction(
      """
      node: node-a # s3cret-comment
      lease:
        etcd:
          endpoints: ["https://me:s3cret-url@10.80.0.11:2379"]
          username: announcer
          password: s3cret-password
          passwordFile: /etc/announcer/password
          key: /etc/announcer/client.key
          certificate: /etc/announcer/client.pem
      key: |
        s3cret-line-one
        s3cret-line-two
      tokens: [s3cret-a, {deep: s3cret-b}]
      passwordFile: s3cret-relative
      password: /s3cret-with-slash
      env: [{name: ETCD_PASSWORD, value: s3cret-env}, {name: LANG, value: C}]
      anchor: &a {client-key-data: s3cret-anchor}
      alias: *a
      kubernetes: {kubeconfig: /etc/announcer/kubeconfig}
      """)
    #expect(!redaction.text.contains("s3cret"), "\(redaction.text)")
    for kept in [
      "node-a", "announcer", "/etc/announcer/password", "/etc/announcer/client.key",
      "/etc/announcer/client.pem", "10.80.0.11:2379", "value: C", "client-key-data",
    ] {
      #expect(redaction.text.contains(kept), "\(kept) in \(redaction.text)")
    }
    #expect(
      redaction.secrets.isSuperset(of: [
        "s3cret-password", "s3cret-url", "s3cret-line-two", "s3cret-a", "s3cret-b",
        "s3cret-relative", "/s3cret-with-slash", "s3cret-env", "s3cret-anchor",
      ]))
    #expect(redaction.files == ["/etc/announcer/password", "/etc/announcer/client.key"])
    #expect(redaction.kubeconfigs == ["/etc/announcer/kubeconfig"])
  }

  /// Passwords where hosts and names belong, in every form that people write.
  @Test func passwordsAtOtherPlaces() throws {
    let redaction = try YAMLRedaction(
      """
      lease:
        etcd:
          endpoints: ["root:s3cret-a@10.0.0.1:2379", s3cret-b@10.0.0.2, "http://me:s3c/ret@10.0.0.3:2379"]
          username: root:s3cret-d
      clusters: [{cluster: {server: "me:s3cret-e@10.0.0.4:6443", proxy-url: "http://s3cret-f@10.0.0.5:3128"}}]
      users: [{user: {exec: {args: [--verbose, --password, s3cret-g, "--token=s3cret-h"]}}}]
      list:
        kind: Secret
        metadata: {name: kept}
        data: {file.txt: s3cret-i}
        stringData: {a: s3cret-j}
      note: ask eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ at s3cret-k:s3cret-l@host
      """)
    #expect(!redaction.text.contains("s3c"), "\(redaction.text)")
    for kept in [
      "@10.0.0.1:2379", "@10.0.0.2", "@10.0.0.3:2379", "@10.0.0.4:6443", "--verbose", "kept",
    ] {
      #expect(redaction.text.contains(kept), "\(kept) in \(redaction.text)")
    }
    #expect(!redaction.text.contains("eyJ"))
    #expect(
      redaction.secrets.isSuperset(of: [
        "s3cret-a", "s3cret-b", "s3c/ret", "s3cret-d", "s3cret-e", "s3cret-f", "s3cret-g",
        "s3cret-i",
        "s3cret-j", "s3cret-l",
      ]), "\(redaction.secrets)")
  }

  @Test func whatIsNoYAMLIsNotQuoted() {
    do {
      _ = try YAMLRedaction("a: [s3cret\nb: }")
      Issue.record("it was read")
    } catch {
      #expect(!error.description.contains("s3cret"))
    }
  }

  @Test func anEmptyTextIsEmpty() throws {
    #expect(try YAMLRedaction("").text.isEmpty)
  }

  /// A dozen lines of aliases would be gigabytes written out.
  @Test func aliasesDoNotExplode() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...11 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(throws: YAMLRedaction.Failure.self) { _ = try YAMLRedaction(text) }
  }
}
