import Testing

@testable import Control

struct ClusterTextTests {
  /// One node is sound, one is not renewed, and one has lost its record.
  private var cluster: ClusterStatus {
    ClusterStatus(
      version: "0.2.0", node: "node-a",
      store: ClusterStore(
        backend: "etcd", endpoint: "https://10.80.0.11:2379", reachable: true, ageMs: 0,
        answeredInMs: 3.24),
      nodes: [
        ClusterNode(
          name: "node-a", session: "694d9b0a1c2d3e4f", state: .live, isSelf: true, claims: 2,
          durationMs: 5000, sinceRenewalMs: 800, endsInMs: 4200, host: "node-a", pid: 4711,
          since: ago(11_520), version: "0.2.0"),
        ClusterNode(
          name: "node-b", session: "694d9b0a1c2d3e50", state: .overdue, claims: 1,
          durationMs: 5000, sinceRenewalMs: 3400, endsInMs: 1600, since: ago(300),
          reason: "it has missed a renewal: its claims are free within 1.6 s unless it comes back"),
        ClusterNode(
          name: "node-c.rack-17.example.org", session: "694d9b0a1c2d3e51", state: .dead, claims: 1,
          durationMs: 5000, endsInMs: 3100,
          reason: "its record is gone from the store: its claims are free within 3.1 s"),
      ],
      addresses: [
        ClusterAddress(
          address: "10.80.8.150", state: .held, holder: "node-a", session: "694d9b0a1c2d3e4f",
          epoch: 1042, since: ago(192), interfaces: ["lan0"],
          hardwareAddress: "02:00:5e:10:00:01"),
        ClusterAddress(
          address: "10.80.8.151", state: .held, holder: "node-a", epoch: 1043, since: ago(192),
          interfaces: ["lan0"], preferred: "node-b"),
        ClusterAddress(
          address: "10.80.8.152", state: .expiring, holder: "node-b", epoch: 900, since: ago(400),
          interfaces: ["lan0"], freeInMs: 1600,
          reason: "held by node-b's overdue session, free within 1.6 s"),
        ClusterAddress(
          address: "10.80.8.153", state: .foreign, holder: "(unreadable)", epoch: 7,
          reason: "the key /announcer/claims/10.80.8.153 holds something that is no claim of an "
            + "announcer: it has no lease and never ends"),
        ClusterAddress(address: "10.80.8.154", state: .free),
      ],
      warnings: ["the nodes run different versions: 0.1.0 on node-b; 0.2.0 on node-a"])
  }

  @Test func theWholeClusterFitsIntoEightyColumns() {
    let text = ClusterText.render(cluster, now: noon, style: eighty)
    #expect(
      text == """
        3 nodes, 5 addresses: 2 held, 1 expiring, 1 foreign, 1 free
        store     etcd, https://10.80.0.11:2379, asked by node-a, answered in 3.2 ms
        warning   the nodes run different versions: 0.1.0 on node-b; 0.2.0 on node-a

        NODE                SESSION           STATE    CLAIMS    RENEWED  ENDS IN  SINCE
        node-a *            694d9b0a1c2d3e4f  live          2  0.8 s ago    4.2 s  3h12m
        node-b              694d9b0a1c2d3e50  overdue       1  3.4 s ago    1.6 s     5m
          it has missed a renewal: its claims are free within 1.6 s unless it comes back
        node-c.rack-17.ex…  694d9b0a1c2d3e51  dead          1          -    3.1 s      -
          its record is gone from the store: its claims are free within 3.1 s

        ADDRESS      STATE     HOLDER        SINCE  EPOCH  NEXT    ON
        10.80.8.150  held      node-a        3m12s   1042  -       lan0
        10.80.8.151  held      node-a        3m12s   1043  node-b  lan0
        10.80.8.152  expiring  node-b        6m40s    900  -       lan0
        10.80.8.153  foreign   (unreadable)      -      7  -       -
          the key /announcer/claims/10.80.8.153 holds something that is no claim of an
          announcer: it has no lease and never ends
        10.80.8.154  free      -                 -      -  -       -

        """)
  }

  @Test func whoeverAsksForAddressesHearsOfTheseAndWhatIsOddAboutThem() {
    let text = ClusterText.render(
      cluster, asked: ["10.80.8.152", "10.80.8.199"], now: noon, style: eighty)
    #expect(
      text == """
        3 nodes, 2 addresses: 1 expiring, 1 free
        store     etcd, https://10.80.0.11:2379, asked by node-a, answered in 3.2 ms
        warning   the nodes run different versions: 0.1.0 on node-b; 0.2.0 on node-a

        ADDRESS      STATE     HOLDER  SINCE  EPOCH  ON
        10.80.8.152  expiring  node-b  6m40s    900  lan0
          held by node-b's overdue session, free within 1.6 s
        10.80.8.199  free      -           -      -  -

        """)
  }

  @Test func aStoreThatIsAwayIsSaidFirst() {
    var cluster = cluster
    cluster.store = ClusterStore(
      backend: "etcd", endpoint: "https://10.80.0.11:2379", reachable: false, ageMs: 12_340,
      error: "survey the claims on https://10.80.0.11:2379: connection refused")
    cluster.nodes = [ClusterNode(name: "node-a", state: .unknown, isSelf: true, claims: 2)]
    cluster.addresses = [cluster.addresses[0]]
    cluster.warnings = []
    let text = ClusterText.render(cluster, now: noon, style: eighty)
    #expect(
      text == """
        1 node, 1 address: 1 held
        store     etcd, https://10.80.0.11:2379
                  survey the claims on https://10.80.0.11:2379: connection refused
                  what follows is what node-a last knew: the store last answered 12.3 s
                  ago

        NODE      STATE    CLAIMS
        node-a *  unknown       2

        ADDRESS      STATE  HOLDER  SINCE  EPOCH  ON
        10.80.8.150  held   node-a  3m12s   1042  lan0

        """)
    cluster.store.ageMs = nil
    #expect(
      ClusterText.render(cluster, now: noon, style: eighty).contains(
        "it has not answered node-a yet: nothing is known"))
  }

  @Test func anEmptyStoreIsSaid() {
    let store = ClusterStore(backend: "local", endpoint: "/run/announcer/claims", reachable: true)
    let text = ClusterText.render(
      ClusterStatus(version: "1", node: "a", store: store), now: noon, style: eighty)
    #expect(text.contains("no node has a session") && text.contains("no claims"))
  }

  @Test func anAbsurdNameDoesNotWidenEveryLine() {
    var cluster = cluster
    cluster.nodes[0].name = String(repeating: "x", count: 100_000)
    cluster.addresses[0].holder = cluster.nodes[0].name
    let text = ClusterText.render(
      cluster, now: noon, style: TerminalStyle(width: nil, hasColours: false))
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 400 })
    #expect(text.contains("x…"))
  }

  /// Names, keys and notes are whatever somebody wrote into the store.
  @Test func nothingFromTheStoreCommandsTheTerminal() {
    var cluster = cluster
    cluster.nodes[0].name = "a\u{1b}[31m"
    cluster.nodes[0].reason = "b\nc"
    cluster.addresses[0].holder = "\u{7}"
    cluster.addresses[0].interfaces = ["x\ty"]
    cluster.warnings = ["\u{202e}evil"]
    let text = ClusterText.render(cluster, now: noon, style: eighty)
    #expect(!text.contains("\u{1b}") && !text.contains("\u{7}") && !text.contains("\t"))
    #expect(text.contains("b\\nc") && !text.contains("\u{202e}"))
  }

  @Test func coloursAreForTheStates() {
    let text = ClusterText.render(
      cluster, now: noon, style: TerminalStyle(width: 80, hasColours: true))
    #expect(text.contains("\u{1b}[32mlive\u{1b}[0m") && text.contains("\u{1b}[31mdead\u{1b}[0m"))
    #expect(text.contains("\u{1b}[31mforeign\u{1b}[0m"))
  }
}
