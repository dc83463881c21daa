import Control
import Testing

struct StatusTextTests {
  @Test func aNodeWithOneAddressIsAFewLines() {
    #expect(
      StatusText.render(sample([announced]), now: noon, style: eighty) == """
        node-a — 1 address: 1 announcing
        daemon      announcer 0.2.0, up 3h12m, ready, session 3f9c1d20
        lease       local, healthy, /run/announcer/claims
        config      /etc/announcer/announcer.yaml, loaded 12m ago
        links       lan0 active, 02:00:5e:10:00:01

        ADDRESS      STATE       HOLDER  ON    SINCE  ANSWERS
        10.80.8.150  announcing  node-a  lan0  3m12s       12

        """)
  }

  @Test func troubleIsShownWithinEightyColumns() {
    #expect(
      StatusText.render(troubled, now: noon, style: eighty) == """
        node-a — 6 addresses: 3 announcing, 1 standby, 1 waiting, 1 blocked; 1 conflict
        daemon      announcer 0.2.0, up 3h12m, ready, session 3f9c1d20
        lease       local, uncertain, /run/announcer/claims, silent in 3120 ms unless
                    renewed, last renewal 1.3 ms
                    etcd: no endpoint answers
        config      /etc/announcer/announcer.yaml, loaded 12m ago
                    the file on disk was refused, this one stays in force:
                    announcer.yaml:3:1: interfacess: unknown key; did you mean
                    `interfaces`?
        links       lan0 active, 02:00:5e:10:00:01
                    vmnet0 down: no carrier
                    veth0 skipped: a port of br0
                    veth1 skipped: a port of br0
                    veth2 skipped: a port of br0
                    veth3 skipped: a port of br0
                    veth4 skipped: a port of br0
                    veth5 skipped: a port of br0
                    3 more skipped (--output json lists them)
        ignored     812 frames asked for other addresses, 3 malformed
        warning     proxy_arp is on for lan0 while forwarding is: the kernel answers for
                    others too, late and with other flags; set
                    net.ipv4.conf.lan0.proxy_arp=0

        ADDRESS                                 STATE       HOLDER     ON          SINCE
        10.80.8.150                             announcing  node-a     lan0        3m12s
        10.80.8.151                             announcing  node-a     lan0,vmne…   1h1m
          02:00:00:00:00:99 claims it too: seen 3 times, last 5s ago
        10.80.8.152                             standby     node-b.r…  -              2m
        10.80.8.153                             waiting     -          -              0s
        10.80.8.154                             blocked     node-b
          no interface matches ^lan0$ and can carry announcements: vmnet0 has no carrier
        2001:db8:1234:5678:9abc:def0:1234:5678  announcing  node-a     lan0        4d15h

        """)
    for line in StatusText.render(troubled, now: noon, style: eighty).split(separator: "\n") {
      #expect(line.count <= 80)
    }
  }

  @Test func everySourceOfWishesHasALine() {
    var status = sample([announced])
    status.sources = [
      SourceStatus(
        name: "kubernetes", place: "https://10.80.0.2:6443", state: .synced,
        objects: ["Service": 12, "Node": 3, "CiliumL2AnnouncementPolicy": 0]),
      SourceStatus(name: "manifests", place: "/etc/announcer/manifests.d", state: .waiting),
      SourceStatus(name: "manifests", place: "/m", state: .synced),
      SourceStatus(
        name: "kubernetes", place: "https://b", state: .failing, objects: ["Service": 1],
        error: "no connection in time"),
    ]
    let lines = StatusText.render(status, now: noon, style: eighty).split(separator: "\n")
    #expect(
      lines.dropFirst(4).prefix(4) == [
        "sources     kubernetes https://10.80.0.2:6443, synced: 12 Service, 3 Node",
        "            manifests /etc/announcer/manifests.d, waiting",
        "            manifests /m, synced: no objects",
        "            kubernetes https://b, failing: no connection in time",
      ])
  }

  @Test func whoHoldsOnWithoutALeaseSaysSoFirst() {
    let text = StatusText.render(holding, now: noon, style: eighty)
    #expect(
      text == """
        node-a — 1 address: 1 announcing
        daemon      announcer 0.2.0, up 3h12m, ready, session 3f9c1d20
        lease       etcd, lost, https://10.80.0.11:2379, last renewal 12.1 ms
                    holding 1 address WITHOUT a lease: another part of the LAN may
                    answer too
                    no endpoint answers; the last was https://10.80.0.13:2379:
                    connection refused
                    the store raised the lease from 1 s to 2 s
                    claims since the start: 12 gained, 3 handed over, 1 lost
                    store errors: 40 unreachable, 3 timedOut
                    7 frames not answered because the lease had run out
        config      /etc/announcer/announcer.yaml, loaded 12m ago
        links       lan0 active, 02:00:5e:10:00:01

        ADDRESS      STATE       HOLDER  ON    SINCE  ANSWERS
        10.80.8.150  announcing  node-a  lan0  3m12s       12

        """)
    let coloured = StatusText.render(
      holding, now: noon, style: TerminalStyle(width: 80, hasColours: true))
    #expect(coloured.contains("\u{1b}[31mholding 1 address WITHOUT a lease"))
  }

  @Test func aLeaseThatRanOutIsNotSaidToRunOut() {
    var status = sample([announced])
    status.lease.backend = "etcd"
    status.lease.state = .lost
    status.lease.deadlineInMs = 0
    status.lease.lastRenewalMs = 1.2
    let text = StatusText.render(status, now: noon, style: eighty)
    #expect(
      text.contains(
        """
        lease       etcd, lost, /run/announcer/claims, silent until renewed, last
                    renewal 1.2 ms

        """), "\(text)")
    // In the first moments there was none that could be lost.
    status.lease.lastRenewalMs = nil
    let first = StatusText.render(status, now: noon, style: eighty)
    #expect(
      first.contains(
        "lease       etcd, no session yet, /run/announcer/claims, silent until renewed\n")
    )
  }

  @Test func aStoreWithoutExpiryIsSaidToBeThisMachines() {
    var status = sample([announced])
    status.lease.state = .none
    let text = StatusText.render(status, now: noon, style: eighty)
    #expect(text.contains("lease       local (this machine only), /run/announcer/claims\n"))
  }

  @Test func aLeaseThatIsAsItWasAskedForIsNotMentioned() {
    var status = sample([announced])
    status.lease.durationMs = 5000
    status.lease.configuredDurationMs = 5000
    let text = StatusText.render(status, now: noon, style: eighty)
    #expect(!text.contains("the store"))
    status.lease.configuredDurationMs = 4500
    let other = StatusText.render(status, now: noon, style: eighty)
    #expect(other.contains("\n            the store raised the lease from 4500 ms to 5 s\n"))
  }

  @Test func aReasonStandsInTheRowWhereThereIsRoom() {
    let blocked = AddressStatus(
      address: "10.80.8.154", state: .blocked,
      reason: "no interface matches ^lan0$ and can carry announcements: vmnet0 has no carrier")
    let text = StatusText.render(sample([announced, blocked]), now: noon, style: eighty)
    #expect(
      text.hasSuffix(
        "10.80.8.154  blocked     -       no interface matches ^lan0$ and can carry anno…\n"))
  }

  @Test func whereNobodyLooksNothingIsCut() {
    let style = TerminalStyle(width: nil, hasColours: false)
    let text = StatusText.render(troubled, now: noon, style: style)
    #expect(text.contains("node-b.rack-17.example.org"))
    #expect(text.contains("vmnet0 has no carrier\n"))
    #expect(text.contains("lan0,vmnet0   1h1m   123456\n"))
  }

  @Test func withoutAddressesItSaysSo() {
    #expect(
      StatusText.render(sample([]), now: noon, style: eighty).hasSuffix(
        "\n\nno addresses: nothing is to be announced (see `announcements`)\n"))
    var status = sample([])
    status.sources = [SourceStatus(name: "kubernetes", place: "https://b", state: .synced)]
    #expect(
      StatusText.render(status, now: noon, style: eighty).hasSuffix(
        "\n\nno addresses: neither the configuration nor its sources ask for any\n"))
  }

  @Test func coloursChangeNothingButTheColour() {
    let coloured = StatusText.render(
      troubled, now: noon, style: TerminalStyle(width: 80, hasColours: true))
    #expect(coloured.contains("\u{1b}[32mannouncing\u{1b}[0m"))
    let bare = coloured.replacing(/\u{1b}\[[0-9]+m/, with: "")
    #expect(bare == StatusText.render(troubled, now: noon, style: eighty))
  }

  @Test func whatTheDaemonSaysCannotCommandTheTerminal() {
    var status = sample([announced])
    status.node = "a\u{1b}[2Jb\nc"
    status.addresses[0].holder = "\u{1b}]0;x\u{7}"
    let text = StatusText.render(status, now: noon, style: eighty)
    #expect(!text.contains("\u{1b}") && !text.contains("\u{7}"))
    #expect(text.hasPrefix("a\\u{1b}[2Jb\\nc — 1 address"))
  }

  @Test(.timeLimit(.minutes(10))) func tenThousandAddressesAreALineEach() {
    let many = (0..<10_000).map {
      AddressStatus(
        address: "10.80.\($0 / 256).\($0 % 256)", state: .standby, holder: "node-b", since: ago(60))
    }
    let text = StatusText.render(sample(many), now: noon, style: eighty)
    #expect(text.split(separator: "\n").count == 10_006)
    #expect(text.hasPrefix("node-a — 10000 addresses: 10000 standby\n"))
  }
}
