import Configuration
import Testing

struct ValueTextTests {
  @Test(arguments: [
    (
      "log: {level: warn}",
      "1:14: log.level: 'warn' is not possible here; write trace, debug, info, notice, warning, "
        + "error or critical"
    ),
    (
      "log: {level: eror}",
      "1:14: log.level: 'eror' is not possible here; did you mean `error`?"
    ),
    ("log: {level: [info]}", "1:14: log.level: text is expected here, not a list"),
    ("log: info", "1:6: log: a mapping of keys is expected here, not text"),
    (
      "lease: {backend: consul}",
      "1:18: lease.backend: 'consul' is not possible here; write local, etcd or kubernetes"
    ),
    (
      "lease: {whenStoreIsLost: hodl}",
      "1:26: lease.whenStoreIsLost: 'hodl' is not possible here; did you mean `hold`?"
    ),
    (
      "lease: {duration: 1h}",
      "1:19: lease.duration: '1h' is out of range; write 1s to 10m"
    ),
    (
      "lease: {duration: fast}",
      "1:19: lease.duration: 'fast' is not a duration; "
        + "write a whole number and a unit: 500ms, 5s or 1m"
    ),
    (
      "lease: {local: {directory: claims}}",
      "1:28: lease.local.directory: 'claims' is not an absolute path; begin it with /, as in /run"
    ),
    (
      "gratuitous: {refresh: 10ms}",
      "1:23: gratuitous.refresh: '10ms' is out of range; write 1s to 24h, or 0s for off"
    ),
    (
      "interfaces: [lan0, 'a(b']",
      "1:22: interfaces[1]: 'a(b' is not a regular expression: expected ')'"
    ),
    (
      "interfaces: ['']",
      "1:14: interfaces[0]: an empty pattern matches every interface; "
        + "write `.` to match every interface"
    ),
    (
      "interfaces: lan0",
      "1:13: interfaces: a list is expected here, not text; write `[lan0]`"
    ),
    (
      "node: no de",
      "1:7: node: 'no de' cannot name a node; "
        + "write letters, digits, '-', '_' and '.', such as node-a"
    ),
  ])
  func aWrongValueSaysWhatWouldBeRight(text: String, message: String) {
    #expect(theFault(text) == "announcer.yaml:\(message)")
  }

  @Test func aPathThatFitsNoSocketIsRefused() throws {
    let longest = "/" + String(repeating: "x", count: 106)
    #expect(try parse("control: {socket: \(longest)}").control.socket == longest)
    #expect(
      theFault("control: {socket: \(longest)y}")
        == "announcer.yaml:1:19: control.socket: the path has 108 octets; at most 107 fit")
  }

  @Test func aPatternsFaultIsPointedAtWhereTheTextIsLiteral() {
    #expect(theFault("interfaces:\n  - ab(c").hasPrefix("announcer.yaml:2:7: interfaces[0]"))
    #expect(theFault("interfaces: [\"\\x61(b\"]").hasPrefix("announcer.yaml:1:14: interfaces[0]"))
  }

  @Test func quotedValuesStayOnOneLineAndAreCut() {
    let text = theFault("node: \"a\\e[2J\\n\(String(repeating: "x", count: 100))\"")
    #expect(!text.contains("\u{1b}") && !text.contains("\n"))
    #expect(text.contains("x…' cannot name a node"))
  }
}
