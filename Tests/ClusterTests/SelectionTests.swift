import Announcer
import Cluster
import Testing
import Wire

struct SelectionTests {
  @Test func aPolicyAnnouncesTheKindsItNames() {
    let web = service("web", ["10.0.0.1"], external: ["10.0.1.1", "2001:db8::1"])
    let both = selection([.service(web), .policy(policy("lan", interfaces: ["^eth", "lan0"]))])
    #expect(
      both.summary == ["10.0.0.1 [^eth|lan0]", "10.0.1.1 [^eth|lan0]", "2001:db8::1 [^eth|lan0]"])
    let one = selection([.service(web), .policy(policy("lan", external: false))])
    #expect(one.summary == ["10.0.0.1 []"])
    #expect(one.reasons("web") == [.kindNotAnnounced(.external, policies: ["lan"])])
    let other = selection([.service(web), .policy(policy("lan", loadBalancer: false))])
    #expect(other.summary == ["10.0.1.1 []", "2001:db8::1 []"])
    #expect(other.reasons("web") == [.kindNotAnnounced(.loadBalancer, policies: ["lan"])])
    let none = selection([
      .service(web), .policy(policy("lan", external: false, loadBalancer: false)),
    ])
    #expect(none.summary == [])
    #expect(
      none.reasons("web") == [
        .kindNotAnnounced(.loadBalancer, policies: ["lan"]),
        .kindNotAnnounced(.external, policies: ["lan"]),
      ])
  }

  @Test func severalPoliciesAreAUnion() {
    let web = service("web", ["10.0.0.1"], external: ["10.0.0.1", "10.0.1.1"])
    let a = policy("a", interfaces: ["lan1", "lan0"], external: false)
    let b = policy("b", interfaces: ["lan2"], loadBalancer: false)
    let two = selection([.service(web), .policy(b), .policy(a)])
    #expect(two.summary == ["10.0.0.1 [lan0|lan1|lan2]", "10.0.1.1 [lan2]"])
    // One that leaves the interfaces open opens them.
    let three = selection([
      .service(web), .policy(a), .policy(b), .policy(policy("c", loadBalancer: false)),
    ])
    #expect(three.summary == ["10.0.0.1 []", "10.0.1.1 []"])
    #expect(
      three.wishes.origins(of: IPAddress("10.0.0.1")!)
        == ["service default/web (policy a, policy b, policy c)"])
  }

  @Test func theFilesInterfacesBoundThePolicys() throws {
    var settings = SelectionSettings(node: "node-a")
    settings.interfaces = [try InterfacePattern("lan")]
    let one = selection(
      [.service(service("web", ["10.0.0.1"])), .policy(policy("p", interfaces: ["lan0"]))], settings
    )
    #expect(one.wishes.requests.map(\.patterns) == [settings.interfaces])
    #expect(one.wishes.requests[0].narrower.map(\.text) == ["lan0"])
  }

  @Test(
    arguments: [
      (nil, [], true), ("io.cilium/l2-announcer", [], false),
      ("io.cilium/l2-announcer", ["io.cilium/l2-announcer"], true),
      ("io.cilium/bgp", ["io.cilium/l2-announcer"], false), ("", [], true),
    ] as [(String?, [String], Bool)])
  func theClassMustBeOneOfOurs(name: String?, ours: [String], isAnnounced: Bool) {
    let settings = SelectionSettings(node: "node-a", loadBalancerClasses: Set(ours))
    let one = selection(
      [.service(service("web", ["10.0.0.1"], class: name)), .policy(policy("p"))], settings)
    #expect(one.summary == (isAnnounced ? ["10.0.0.1 []"] : []))
    #expect(one.reasons("web") == (isAnnounced ? [] : [.foreignClass(name ?? "")]))
  }

  @Test func whatIsNoAddressDoesNotCount() {
    var web = service("web")
    func outcome() -> ([String], [ServiceReason]?) {
      let one = selection([.service(web), .policy(policy("p"))])
      return (one.summary, one.reasons("web"))
    }
    #expect(outcome() == ([], [.noAddress]))
    web.loadBalancerIP = "10.0.0.9"
    #expect(outcome() == ([], [.noAddress]))
    web.ingress = [.init(hostname: "lb.example"), .init(ip: "", hostname: "x.example")]
    #expect(outcome() == ([], [.hostnameOnly("lb.example"), .hostnameOnly("x.example")]))
    web.ingress = [.init(ip: "10.0.0.1", hostname: "lb.example", ipMode: "VIP")]
    #expect(outcome() == (["10.0.0.1 []"], []))
    web.ingress = [.init(ip: "10.0.0.1", ipMode: "Proxy"), .init(ip: "10.0.0.2")]
    #expect(outcome() == (["10.0.0.2 []"], [.onProxy("10.0.0.1")]))
    web.ingress = [.init(ip: "127.0.0.1"), .init(ip: "10.0.0.300"), .init(ip: "fe80::1")]
    #expect(
      outcome() == (
        [],
        [
          .unusableAddress("127.0.0.1", "a loopback address is never on a LAN"),
          .unusableAddress("10.0.0.300", "it is no address"),
          .unusableAddress(
            "fe80::1", "a link-local address means another host on every link"),
        ]
      ))
    web.ingress = [.init(ip: "10.0.0.1")]
    web.externalIPs = ["10.0.1.1"]
    web.type = "ClusterIP"
    #expect(outcome() == (["10.0.1.1 []"], [.notLoadBalancer(type: "ClusterIP")]))
    web.type = "ExternalName"
    #expect(outcome() == ([], [.externalName]))
    web.type = "LoadBalancer"
    web.isBeingDeleted = true
    #expect(outcome() == ([], [.beingDeleted]))
  }

  @Test func inFilesTheRequestedAddressStandsInForTheStatus() {
    var web = service("web")
    web.loadBalancerIP = "10.0.0.9"
    web.place = "web.yaml:3"
    web.type = nil
    let objects = { [ClusterObject.service(web), .policy(policy("p"))] }
    let one = selection(objects(), from: .manifests)
    #expect(one.summary == ["10.0.0.9 []"])
    #expect(
      one.wishes.origins(of: IPAddress("10.0.0.9")!)
        == ["service default/web (policy p), web.yaml:3"])
    web.ingress = [.init(ip: "10.0.0.1")]
    #expect(selection(objects(), from: .manifests).summary == ["10.0.0.1 []"])
    web.ingress = []
    web.type = "NodePort"
    #expect(selection(objects(), from: .manifests).summary == [])
  }

  /// People's files ask as they would ask a controller; there is none.
  @Test func inFilesAnnotationsStandInForTheStatus() {
    var web = service("web")
    web.requestedIPs = [
      RequestedIPs("lbipam.cilium.io/ips", "10.0.0.9, fd00::9,10.0.0.9"),
      RequestedIPs("metallb.io/loadBalancerIPs", "10.0.0.7"),
    ]
    web.loadBalancerIP = "10.0.0.8"
    let one = selection([.service(web), .policy(policy("p"))], from: .manifests)
    #expect(one.summary == ["10.0.0.8 []", "10.0.0.9 []", "fd00::9 []"])
    #expect(
      one.explanations(of: IPAddress("10.0.0.7")!).map(\.description) == [
        "service default/web: metallb.io/loadBalancerIPs asks for 10.0.0.7 and does not count "
          + "beside lbipam.cilium.io/ips"
      ])
    web.requestedIPs = [RequestedIPs("metallb.io/loadBalancerIPs", "${IP}")]
    web.loadBalancerIP = nil
    let bad = selection([.service(web), .policy(policy("p"))], from: .manifests)
    #expect(bad.summary == [])
    #expect(
      bad.reasons(ofService: web.name, from: .manifests)
        == [.unusableAddress("${IP}", "it is no address")])
    // Once there is a status, it decides.
    web.requestedIPs = [RequestedIPs("lbipam.cilium.io/ips", "10.0.0.9")]
    web.ingress = [.init(ip: "10.0.0.1")]
    #expect(
      selection([.service(web), .policy(policy("p"))], from: .manifests).summary
        == ["10.0.0.1 []"])
    web.ingress = []
    web.type = "ClusterIP"
    #expect(selection([.service(web), .policy(policy("p"))], from: .manifests).summary == [])
  }

  @Test func anAddressOfSeveralServicesStaysUntilTheLastGoes() {
    let address = IPAddress("10.0.0.1")!
    var both = selection([
      .service(service("b", ["10.0.0.1"])), .service(service("a", ["10.0.0.1"])),
      .policy(policy("p")),
    ])
    #expect(both.summary == ["10.0.0.1 []"])
    #expect(
      both.wishes.origins(of: address)
        == ["service default/a (policy p)", "service default/b (policy p)"])
    both.remove(.service, ObjectName("default", "a"), from: .kubernetes)
    #expect(both.summary == ["10.0.0.1 []"])
    #expect(both.wishes.origins(of: address) == ["service default/b (policy p)"])
    both.remove(.service, ObjectName("default", "b"), from: .kubernetes)
    #expect(both.summary == [])
    #expect(both.wishes.origins(of: address) == [])
  }

  @Test func theSameServiceInBothSourcesIsTwo() {
    var both = selection([.service(service("web", ["10.0.0.1"])), .policy(policy("p"))])
    both.update(.service(service("web", ["10.0.0.1", "10.0.0.2"])), from: .manifests)
    #expect(both.summary == ["10.0.0.1 []", "10.0.0.2 []"])
    both.replace(.service, with: [], from: .kubernetes)
    #expect(both.summary == ["10.0.0.1 []", "10.0.0.2 []"])
    both.replace(.service, with: [.service(service("web", ["10.0.0.2"]))], from: .manifests)
    #expect(both.summary == ["10.0.0.2 []"])
  }

  @Test func withoutAPolicyKindTheDefaultsAreInForce() {
    var settings = SelectionSettings(
      node: "node-a", defaultPolicy: policy("defaults", external: false), hasPolicyKind: false)
    let web = service("web", ["10.0.0.1"], external: ["10.0.1.1"])
    var one = selection([.service(web)], settings)
    #expect(one.summary == ["10.0.0.1 []"])
    #expect(
      one.wishes.origins(of: IPAddress("10.0.0.1")!) == ["service default/web (default policy)"])
    // A file that has a policy means it.
    one.update(.policy(policy("p", loadBalancer: false)), from: .manifests)
    #expect(one.summary == ["10.0.1.1 []"])
    // A file that is gone for a moment, or for good, does not bring the default back.
    one.remove(.policy, ObjectName("", "p"), from: .manifests)
    #expect(one.summary == [])
    #expect(one.reasons("web") == [.policiesGone])
    // The kind is installed: from now on what is not selected is not announced.
    one = selection([.service(web)], settings)
    settings.hasPolicyKind = true
    let before = one.revision
    one = Selection(settings, objectsOf: one)
    #expect(one.summary == [])
    #expect(one.reasons("web") == [.noPolicySelects])
    #expect(one.revision > before)
    // And when somebody deletes the kind.
    settings.hasPolicyKind = false
    one = Selection(settings, objectsOf: one)
    #expect(one.summary == [])
    #expect(one.reasons("web") == [.policiesGone])
    // Who asks for it has the default also where the kind has no objects.
    settings.isDefaultPolicyExplicit = true
    settings.hasPolicyKind = true
    #expect(Selection(settings, objectsOf: one).summary == ["10.0.0.1 []"])
    settings.hasPolicyKind = nil
    #expect(Selection(settings, objectsOf: one).summary == [])
  }

  @Test func withoutADefaultPolicyTheReasonSaysSo() {
    let web = service("web", ["10.0.0.1"])
    let one = selection([.service(web)], SelectionSettings(node: "node-a", hasPolicyKind: false))
    #expect(one.summary == [])
    #expect(one.reasons("web") == [.defaultPolicyOff])
  }

  @Test func neighbouringAddressesOfOneRequestAreOneRange() {
    let one = selection(
      [.policy(policy("p"))]
        + [3, 1, 2, 9].map { .service(service("s\($0)", ["10.0.0.\($0)"])) }
        + [.service(service("top", ["255.255.255.255", "2001:db8::"]))])
    #expect(
      one.wishes.requests.map { $0.ranges.map(\.description) }
        == [["10.0.0.1-10.0.0.3", "10.0.0.9", "2001:db8::"]])
  }

  @Test func theRevisionSaysWhetherLookingAgainIsWorthIt() {
    var one = selection([.service(service("web", ["10.0.0.1"])), .policy(policy("p"))])
    let before = one.revision
    one.update(.service(service("web", ["10.0.0.1"])), from: .kubernetes)
    one.update(.endpointSlice(slice("web-1", of: "web", [("node-a", true)])), from: .kubernetes)
    one.update(.node(Node("node-a")), from: .kubernetes)
    one.update(.node(Node("node-b", isUnschedulable: true)), from: .kubernetes)
    one.remove(.service, ObjectName("default", "nobody"), from: .kubernetes)
    #expect(one.revision == before)
    one.update(.service(service("web", ["10.0.0.2"])), from: .kubernetes)
    #expect(one.revision > before)
  }

  @Test func anAddressIsNamedWhenOtherServicesWantIt() {
    let policy = ClusterObject.policy(policy("p"))
    func wishes(_ services: [(String, [String])]) -> Wishes {
      selection([policy] + services.map { .service(service($0.0, $0.1)) }).wishes
    }
    func changed(_ before: Wishes, _ after: Wishes) -> [String] {
      after.addressesWithOtherServices(than: before).map(\.description).sorted()
    }
    let one = wishes([("a", ["10.0.0.1"]), ("b", ["10.0.0.2"])])
    #expect(changed(Wishes(), one) == ["10.0.0.1", "10.0.0.2"])
    #expect(changed(one, one) == [])
    #expect(changed(one, Wishes()) == ["10.0.0.1", "10.0.0.2"])
    let shared = wishes([("a", ["10.0.0.1"]), ("b", ["10.0.0.2"]), ("c", ["10.0.0.1"])])
    #expect(changed(one, shared) == ["10.0.0.1"])
    #expect(changed(shared, one) == ["10.0.0.1"])
    // In whichever order they were read.
    let again = wishes([("c", ["10.0.0.1"]), ("b", ["10.0.0.2"]), ("a", ["10.0.0.1"])])
    #expect(changed(shared, again) == [])
    #expect(
      changed(one, wishes([("a", ["10.0.0.2"]), ("b", ["10.0.0.1"])])) == ["10.0.0.1", "10.0.0.2"])
  }
}
