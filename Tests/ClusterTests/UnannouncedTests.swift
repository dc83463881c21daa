import Announcer
import Cluster
import Testing
import Wire

/// Services that want to be announced and are not.
struct UnannouncedTests {
  @Test func onlyWhoWantsToBeAnnouncedIsListed() {
    var internalOnly = service("internal")
    internalOnly.type = "ClusterIP"
    var typeless = service("typeless")
    typeless.type = nil
    var external = service("external", external: ["10.0.0.3"])
    external.type = "ClusterIP"
    let one = selection([
      .service(internalOnly), .service(typeless), .service(external), .service(service("pending")),
      .service(service("half", ["10.0.0.1", "none"], labels: ["a": "b"])),
      .service(service("good", ["10.0.0.2"], labels: ["a": "b"])),
      .policy(policy("lan", services: LabelSelector(matchLabels: ["a": "b"]))),
    ])
    #expect(
      one.unannounced.map { "\($0.title): \($0.words)" } == [
        "default/external: no policy selects it",
        "default/half: 'none' cannot be announced: it is no address",
        "default/pending: it has neither a load balancer's address nor external addresses; "
          + "no policy selects it",
      ])
    let summary = one.unannounced(first: 12)
    #expect(summary.first == one.unannounced)
    #expect(summary.counts == ["no-policy-selects": 1, "unusable-address": 1, "no-address": 1])
  }

  @Test func tenThousandWaitingAreAFewLines() {
    var one = selection([.policy(policy("lan"))])
    for number in 0..<10_000 { one.update(.service(service("s\(number)")), from: .kubernetes) }
    let clock = ContinuousClock()
    var summary = UnannouncedServices()
    let time = clock.measure { summary = one.unannounced(first: 12) }
    #expect(summary.total == 10_000 && summary.counts == ["no-address": 10_000])
    #expect(summary.first.count == 12)
    #expect(summary.first == Array(one.unannounced.prefix(12)))
    // Asked for by people now and then, of a loop that may not stand still.
    #expect(time < .milliseconds(250), "\(time)")
  }

  @Test func aServiceIsFoundByItsName() {
    var filed = service("web", ["10.0.0.1"])
    filed.place = "web.yaml:7"
    var one = selection([.service(service("web", ["10.0.0.2"])), .policy(policy("lan"))])
    one.update(.service(filed), from: .manifests)
    let standings = one.standings(ofService: ObjectName("default", "web"))
    #expect(standings.map(\.addresses) == [[IPAddress("10.0.0.2")!], [IPAddress("10.0.0.1")!]])
    #expect(standings.map(\.place) == [nil, "web.yaml:7"])
    #expect(one.standings(ofService: ObjectName("default", "mail")).isEmpty)
  }

  @Test func thePoliciesBehindAPatternAreNamed() throws {
    var filed = policy("lan", interfaces: ["^enp.*"])
    filed.place = "p.yaml:3"
    let one = selection(
      [.policy(filed), .policy(policy("other", interfaces: ["^lan0$"]))], from: .manifests)
    #expect(one.policies(withPattern: try InterfacePattern("^enp.*")) == ["policy lan, p.yaml:3"])
    #expect(one.policies(withPattern: try InterfacePattern("^lan0$")) == ["policy other"])
    #expect(one.policies(withPattern: try InterfacePattern("^x$")).isEmpty)
  }
}
