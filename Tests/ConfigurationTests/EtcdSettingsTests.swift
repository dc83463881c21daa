import Configuration
import Testing

struct EtcdSettingsTests {
  @Test func everyKeyIsRead() throws {
    let etcd = try parse(
      """
      lease:
        backend: etcd
        etcd:
          endpoints: [https://a, https://b:4001]
          prefix: /lan/announcer
          ca: /etc/ca.pem
          certificate: /etc/me.pem
          key: /etc/me.key
          username: me
          passwordFile: /etc/me.pw
      """
    ).lease.etcd
    #expect(etcd.endpoints.map(\.description) == ["https://a:2379", "https://b:4001"])
    #expect(etcd.prefix == "/lan/announcer")
    #expect(etcd.ca == "/etc/ca.pem")
    #expect(etcd.certificate?.certificate == "/etc/me.pem")
    #expect(etcd.certificate?.key == "/etc/me.key")
    #expect(etcd.user?.name == "me")
    #expect(etcd.user?.passwordFile == "/etc/me.pw")
  }

  @Test(arguments: ["lease: {backend: etcd}", "lease: {backend: etcd, etcd: {}}", "lease: {}"])
  func everythingHasADefault(text: String) throws {
    let etcd = try parse(text).lease.etcd
    #expect(etcd.endpoints.map(\.description) == ["http://127.0.0.1:2379"])
    #expect(etcd.prefix == "/announcer")
    #expect(etcd.ca == nil && etcd.certificate == nil && etcd.user == nil)
  }

  @Test(arguments: [
    ("endpoints: []", "the list has no endpoints; write [\"https://10.80.0.11:2379\"]"),
    ("endpoints: https://a", "a list is expected here, not text; write `[https://a]`"),
    (
      "prefix: announcer",
      "'announcer' cannot be a prefix of keys; begin each part with one / and end with none, as in /announcer"
    ),
    (
      "prefix: /",
      "'/' cannot be a prefix of keys; begin each part with one / and end with none, as in /announcer"
    ),
    (
      "prefix: /a/",
      "'/a/' cannot be a prefix of keys; begin each part with one / and end with none, as in /announcer"
    ),
    (
      "prefix: /a//b",
      "'/a//b' cannot be a prefix of keys; begin each part with one / and end with none, as in /announcer"
    ),
    (
      "prefix: '/a b'",
      "'/a b' cannot be a prefix of keys; begin each part with one / and end with none, as in /announcer"
    ),
    ("ca: ca.pem", "'ca.pem' is not an absolute path; begin it with /, as in /run"),
    ("username: 'a b'", "'a b' cannot be a name; write one word, such as announcer"),
    ("endpoint: x", "unknown key; did you mean `endpoints`?"),
  ])
  func aWrongValueSaysWhatWouldBeRight(text: String, message: String) {
    let key = text.prefix { $0 != ":" }
    let rest =
      switch key {
      case "ca": ", endpoints: [https://a]"
      case "username": ", passwordFile: /pw"
      default: ""
      }
    let column = 16 + (key == "endpoint" ? 0 : key.count + 2)
    #expect(
      theFault("lease: {etcd: {\(text)\(rest)}}")
        == "announcer.yaml:1:\(column): lease.etcd.\(key): \(message)")
  }

  @Test func anEndpointIsListedOnceWhateverItsSpelling() {
    #expect(
      theFault("lease: {etcd: {endpoints: [https://a, 'https://A:2379']}}")
        == "announcer.yaml:1:39: lease.etcd.endpoints[1]: the endpoint https://a:2379 is listed "
        + "twice; keep one of them")
  }

  @Test func httpAndHttpsAreNotMixed() {
    #expect(
      theFault("lease: {etcd: {endpoints: [https://a, http://b]}}")
        == "announcer.yaml:1:39: lease.etcd.endpoints[1]: http://b:2379 and https://a:2379 mix "
        + "http and https: what is protected on one way would be open on the other; "
        + "write all of them with https://")
  }

  @Test(arguments: [
    ("certificate: /c", "key"), ("key: /k", "certificate"), ("username: me", "passwordFile"),
    ("passwordFile: /pw", "username"),
  ])
  func keysThatAreOfUseTogetherOnlyComeTogether(text: String, missing: String) {
    let present = text.prefix { $0 != ":" }
    #expect(
      theFault("lease: {etcd: {endpoints: [https://a], \(text)}}")
        == "announcer.yaml:1:15: lease.etcd.\(missing): `\(present)` is of no use without it; "
        + "write both or neither")
  }

  @Test func certificatesWithoutTLSAreAContradiction() {
    #expect(
      faults("lease: {etcd: {endpoints: [http://a], ca: /ca, certificate: /c, key: /k}}")
        == [
          ("43", "ca"), ("61", "certificate"), ("70", "key"),
        ].map { column, key in
          "announcer.yaml:1:\(column): lease.etcd.\(key): it has no effect, because http://a:2379 is "
            + "spoken to without TLS; write https:// in lease.etcd.endpoints, or remove the key"
        })
    #expect(theFault("lease: {etcd: {ca: /ca}}").contains("because http://127.0.0.1:2379 is"))
    // One fault, not two.
    #expect(theFault("lease: {etcd: {endpoints: [x], ca: /ca}}").hasPrefix("announcer.yaml:1:28: "))
  }
}
