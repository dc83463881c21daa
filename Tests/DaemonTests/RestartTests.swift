import Configuration
import Daemon
import Testing

/// Which changes wait for a restart: what the reference says, and what the daemon does.
@Suite struct RestartTests {
  /// A key, and two files that differ in it alone.
  private static let changes: [(key: String, before: String, after: String)] = [
    ("node", "node: a", "node: b"),
    ("interfaces", "interfaces: [a]", "interfaces: [b]"),
    ("announcements", "announcements: []", "announcements: [{addresses: [10.80.8.150]}]"),
    ("kubernetes.kubeconfig", "kubernetes: {kubeconfig: /a}", "kubernetes: {kubeconfig: /b}"),
    ("kubernetes.services", "kubernetes: {}", "kubernetes: {services: false}"),
    (
      "kubernetes.loadBalancerClasses", "kubernetes: {}", "kubernetes: {loadBalancerClasses: [a/b]}"
    ),
    ("kubernetes.addressPools", "kubernetes: {}", "kubernetes: {addressPools: on}"),
    ("manifests", "manifests: []", "manifests: [/a]"),
    ("defaultPolicy", "defaultPolicy: all", "defaultPolicy: none"),
    ("lease.rebalance", "lease: {}", "lease: {rebalance: gradual}"),
    ("gratuitous.refresh", "gratuitous: {}", "gratuitous: {refresh: 5m}"),
    ("askFirst", "askFirst: true", "askFirst: false"),
    ("conflicts", "conflicts: defend", "conflicts: report"),
    ("selfCheck.interval", "selfCheck: {}", "selfCheck: {interval: 5m}"),
    ("control.socket", "control: {socket: /a}", "control: {socket: /b}"),
    ("metrics.listen", "log: {}", "metrics: {listen: \"127.0.0.1:9717\"}"),
    ("log.level", "log: {}", "log: {level: debug}"),
  ]

  @Test(arguments: changes.map(\.key)) func theReferenceSaysSo(_ name: String) throws {
    let change = try #require(Self.changes.first { $0.key == name })
    let key = try #require(ConfigurationReference.keys.first { $0.path == name })
    let notes = try parse(change.before).changesThatNeedARestart(parse(change.after))
    #expect(notes.isEmpty != key.needsRestart, "\(notes)")
  }

  /// Every change shows in what `check` and `status` say of the file.
  @Test(arguments: changes.map(\.key)) func aDifferenceIsTold(_ name: String) throws {
    let change = try #require(Self.changes.first { $0.key == name })
    let keys = try parse(change.before).difference(to: parse(change.after)).keys
    #expect(keys == [String(name.prefix { $0 != "." && $0 != "[" })])
    #expect(try parse(change.before).difference(to: parse(change.before)).lines == [])
  }

  /// Nobody has changed the file.
  @Test func aHostNameThatChangedIsCalledSo() throws {
    func parse(_ text: String, on host: String) throws -> Configuration {
      try Configuration.parse(text, file: "announcer.yaml", hostName: host)
    }
    let notes = try parse("{}", on: "a").changesThatNeedARestart(parse("{}", on: "b"))
    #expect(
      notes == [
        "the host name changed from a to b, and announcer.yaml has no `node`: write `node: a` there, or restart "
          + "(systemctl restart announcer); until then nothing of the file is in force"
      ])
    let written = try parse("{}", on: "a").changesThatNeedARestart(parse("node: b", on: "a"))
    #expect(written.count == 1 && written[0].hasPrefix("`node` changed in announcer.yaml"))
    #expect(try parse("{}", on: "a").changesThatNeedARestart(parse("node: a", on: "b")) == [])
  }

  @Test func everySectionIsTried() {
    func section(_ path: String) -> String { String(path.prefix { $0 != "." && $0 != "[" }) }
    #expect(
      Set(Self.changes.map { section($0.key) })
        == Set(ConfigurationReference.keys.map { section($0.path) }))
  }

  private func parse(_ text: String) throws -> Configuration {
    try Configuration.parse(text, file: "announcer.yaml", hostName: "host-1")
  }
}
