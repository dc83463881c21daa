import Control

/// Noon of the day that the samples' times are counted from.
let noon = WallTime(nanoseconds: 1_795_262_400_000_000_000)

func ago(_ seconds: Int64) -> WallTime {
  WallTime(nanoseconds: noon.nanoseconds - seconds * 1_000_000_000)
}

let eighty = TerminalStyle(width: 80, hasColours: false)

/// A node with one address, all well.
func sample(_ addresses: [AddressStatus]) -> Status {
  Status(
    version: "0.2.0", node: "node-a", session: "3f9c1d20", startedAt: ago(11_520), ready: true,
    configuration: ConfigurationStatus(
      file: "/etc/announcer/announcer.yaml", loadedAt: ago(720)),
    lease: LeaseStatus(backend: "local", state: .healthy, endpoint: "/run/announcer/claims"),
    interfaces: [
      InterfaceStatus(
        name: "lan0", index: 7, hardwareAddress: "02:00:5e:10:00:01", state: .active,
        matchedBy: ["lan0"])
    ],
    addresses: addresses)
}

let announced = AddressStatus(
  address: "10.80.8.150", state: .announcing, holder: "node-a", since: ago(192),
  interfaces: ["lan0"], origins: ["configuration/ingress"], answers: 12, lastAnswerAt: ago(3),
  announcements: 7)

/// A node that goes on without its store, after a day with everything in it.
let holding: Status = {
  var status = sample([announced])
  status.lease = LeaseStatus(
    backend: "etcd", state: .lost, deadlineInMs: 0, lastRenewalMs: 12.06, durationMs: 2000,
    configuredDurationMs: 1000, endpoint: "https://10.80.0.11:2379",
    error: "no endpoint answers; the last was https://10.80.0.13:2379: connection refused",
    transitions: LeaseTransitions(gained: 12, lost: 1, handedOver: 3),
    errors: ["timedOut": 3, "unreachable": 40, "refused": 0], refusedByGate: 7, holding: true)
  return status
}()

/// One of everything, and nothing short.
let troubled: Status = {
  var status = sample([
    announced,
    AddressStatus(
      address: "10.80.8.151", state: .announcing, holder: "node-a", since: ago(3700),
      interfaces: ["lan0", "vmnet0"], answers: 123_456,
      conflict: ConflictStatus(
        hardwareAddress: "02:00:00:00:00:99", lastSeenAt: ago(5), count: 3)),
    AddressStatus(
      address: "10.80.8.152", state: .standby, holder: "node-b.rack-17.example.org",
      since: ago(120)),
    AddressStatus(address: "10.80.8.153", state: .waiting, since: ago(0)),
    AddressStatus(
      address: "10.80.8.154", state: .blocked, holder: "node-b",
      reason: "no interface matches ^lan0$ and can carry announcements: vmnet0 has no carrier"),
    AddressStatus(
      address: "2001:db8:1234:5678:9abc:def0:1234:5678", state: .announcing, holder: "node-a",
      since: ago(400_000), interfaces: ["lan0"], answers: 1),
  ])
  status.lease.state = .uncertain
  status.lease.deadlineInMs = 3120
  status.lease.lastRenewalMs = 1.25
  status.lease.error = "etcd: no endpoint answers"
  status.configuration.error =
    "announcer.yaml:3:1: interfacess: unknown key; did you mean `interfaces`?"
  status.interfaces.append(
    InterfaceStatus(name: "vmnet0", index: 3, state: .down, reason: "no carrier"))
  status.interfaces += (0..<9).map {
    InterfaceStatus(
      name: "veth\($0)", index: Int32(10 + $0), state: .skipped, reason: "a port of br0")
  }
  status.ignored = ["target-not-claimed": 812, "malformed": 3, "loop": 0]
  status.warnings = [
    "proxy_arp is on for lan0 while forwarding is: the kernel answers for others too, late and with"
      + " other flags; set net.ipv4.conf.lan0.proxy_arp=0"
  ]
  return status
}()
