import Announcer
import Configuration
import Testing
import Wire

struct ConfigurationTests {
  @Test func everyKeyIsRead() throws {
    let configuration = try parse(completeText)
    #expect(configuration.file == "announcer.yaml")
    #expect(configuration.node == "node-a")
    #expect(configuration.interfaces.map(\.text) == ["vmnet0", "lan0", "^enp.*"])
    let entry = configuration.announcements[0]
    #expect(entry.origin == "configuration/ingress")
    #expect(
      entry.ranges.map(\.description) == [
        "10.80.8.150", "10.80.8.160-10.80.8.169", "10.80.15.0-10.80.15.15", "2001:db8::10",
      ])
    #expect(entry.nodes == ["node-a", "node-b"])
    #expect(
      entry.interfaces.lists.map { $0.map(\.text) } == [["vmnet0", "lan0", "^enp.*"], ["^lan0$"]])
    #expect(configuration.announcements[1].origin == "configuration/1")
    #expect(configuration.announcements[1].nodes == nil)
    #expect(configuration.lease.duration == .seconds(5))
    #expect(configuration.lease.rebalance == .gradual)
    #expect(configuration.lease.etcd.endpoints.map(\.description) == ["https://10.80.0.11:2379"])
    #expect(configuration.gratuitous.schedule == [.zero, .milliseconds(500), .seconds(2)])
    #expect(configuration.gratuitous.refresh == .seconds(120))
    #expect(configuration.gratuitous.spacing == .zero)
    #expect(configuration.conflicts == .report)
    #expect(configuration.control.socket == "/run/other/control.sock")
    #expect(configuration.log == (try parse("log: {format: json, level: debug}").log))
  }

  @Test func everythingHasADefault() throws {
    let configuration = try parse("announcements: []")
    #expect(configuration.node == "host-1")
    #expect(configuration.interfaces == [])
    #expect(configuration.announcements == [])
    #expect(configuration.lease.backend == .local)
    #expect(configuration.lease.duration == nil)
    #expect(configuration.lease.rebalance == .never)
    #expect(configuration.lease.whenStoreIsLost == .silent)
    #expect(configuration.lease.localDirectory == "/run/announcer/claims")
    #expect(configuration.lease.etcd == (try parse("lease: {etcd: {}}").lease.etcd))
    #expect(
      configuration.gratuitous.schedule == [
        .zero, .milliseconds(50), .milliseconds(200), .milliseconds(500), .milliseconds(1100),
        .milliseconds(2200), .seconds(5),
      ])
    #expect(configuration.gratuitous.refresh == .seconds(60))
    #expect(configuration.gratuitous.spacing == .milliseconds(1))
    #expect(configuration.conflicts == .defend)
    #expect(configuration.control.socket == "/run/announcer/control.sock")
    #expect(configuration.log.level == .info)
    #expect(configuration.log.format == .text)
  }

  @Test func aSectionWithEverythingCommentedOutMeansItsDefaults() throws {
    let configuration = try parse("lease:\n  # backend: local\nnode: ~\nannouncements:\n")
    #expect(configuration == (try parse("announcements: []")))
  }

  @Test func severalFaultsAreReportedAtOnceInTheOrderOfTheFile() {
    #expect(
      faults(
        """
        nodes: x
        announcements:
          - addresses: [10.80.8.300]
        conflicts: attack
        lease: {duration: 5}
        """) == [
          "announcer.yaml:1:1: nodes: unknown key; did you mean `node`?",
          "announcer.yaml:3:17: announcements[0].addresses[0]: '10.80.8.300' is not an address, "
            + "range or prefix; write 10.80.8.150, 10.80.8.160-10.80.8.169 or 10.80.15.0/28",
          "announcer.yaml:4:12: conflicts: 'attack' is not possible here; write defend or report",
          "announcer.yaml:5:19: lease.duration: '5' is not a duration; write 5s or 5ms",
        ])
  }

  @Test func aHostNameThatCannotNameANodeMustBeReplaced() {
    let failure = #expect(throws: ConfigurationFailure.self) {
      try Configuration.parse("announcements: []", file: "a.yaml", hostName: "")
    }
    #expect(
      failure?.description
        == "a.yaml:1:1: node: the host name '' cannot serve as this node's name; "
        + "write a name of your own, such as `node: node-a`")
    #expect(
      (try? Configuration.parse("node: x", file: "a.yaml", hostName: ""))?.node == "x")
  }

  @Test func manifestsAreAbsolutePaths() throws {
    #expect(try parse("manifests: [/etc/a, /b.yaml]").manifests == ["/etc/a", "/b.yaml"])
    #expect(try parse("{}").manifests == [])
    #expect(
      theFault("manifests: [a]")
        == "announcer.yaml:1:13: manifests[0]: 'a' is not an absolute path; "
        + "begin it with /, as in /run")
    #expect(
      theFault("manifests: [/a, /a]")
        == "announcer.yaml:1:17: manifests[1]: the path /a is listed twice; keep one of them")
  }

  /// Each key of it would be a fault of its own, and none says what is the matter.
  @Test(arguments: [
    (
      "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nspec: {}",
      "this is a Kubernetes object (IPAddressPool), not a configuration; "
        + "name the file in `manifests` if the daemon is to read it"
    ),
    (
      "apiVersion: v1\nkind: ConfigMap\ndata: {announcer.yaml: x}",
      "this is a Kubernetes object (ConfigMap), not a configuration; "
        + "the configuration may be one of the texts in it"
    ),
    (
      "! Configuration File for keepalived\nvrrp_instance VI_1 {\n  state MASTER\n}\n",
      "this is a configuration of keepalived; "
        + "write the addresses of its `virtual_ipaddress` into `announcements`"
    ),
    (
      "global_defs {\n  router_id a\n}\nvrrp_instance VI_1 {\n  virtual_ipaddress { 10.0.0.1 }\n}\n",
      "this is a configuration of keepalived; "
        + "write the addresses of its `virtual_ipaddress` into `announcements`"
    ),
  ])
  func anotherProgramsFileIsCalledSo(text: String, message: String) {
    #expect(theFault(text).hasSuffix(":1:1: \(message)"), "\(theFault(text))")
  }
}
