import Announcer
import Cluster
import Testing
import Wire

struct ExplanationTests {
  @Test func explainNamesEveryServiceThatHasTheAddress() {
    var filed = service("filed", ["10.0.0.1"], labels: ["a": "b"])
    filed.place = "web.yaml:7"
    var one = selection([
      .service(service("local", ["10.0.0.1"], labels: ["a": "b"], isLocal: true)),
      .service(service("other", ["10.0.0.1"], class: "example.com/lb")),
      .service(service("unselected", external: ["10.0.0.1"])),
      .service(service("stranger", ["10.0.0.2"])),
      .policy(policy("lan", services: LabelSelector(matchLabels: ["a": "b"]))),
    ])
    one.update(.service(filed), from: .manifests)
    #expect(
      one.explanations(of: IPAddress("10.0.0.1")!).map(\.description) == [
        "service default/filed, web.yaml:7: wanted by policy lan",
        "service default/local: wanted by policy lan; externalTrafficPolicy is Local and no node "
          + "has a ready endpoint of its family: nobody announces it",
        "service default/other: its loadBalancerClass example.com/lb is none of "
          + "kubernetes.loadBalancerClasses",
        "service default/unselected: no policy selects it",
      ])
    #expect(one.explanations(of: IPAddress("10.0.0.3")!).isEmpty)
  }

  @Test func poolsAreHeldAgainstWhatIsAnnounced() throws {
    var one = selection([
      .policy(policy("p")), .service(service("in", ["10.0.0.5"])),
      .service(service("out", ["10.0.9.1", "2001:db8::1"], external: ["10.0.8.1"])),
    ])
    #expect(one.warnings == [], "without pools there is nothing to compare with")
    one.update(
      .pool(
        LoadBalancerIPPool(
          "blue", blocks: [.cidr("10.0.0.0/28"), .run(start: "2001:db8::5", stop: nil)])),
      from: .kubernetes)
    #expect(
      one.warnings == [.outsidePools([IPAddress("10.0.9.1")!, IPAddress("2001:db8::1")!])])
    one.update(
      .pool(
        LoadBalancerIPPool(
          "red",
          blocks: [
            .run(start: "10.0.0.15", stop: "10.0.9.255"),
            .run(start: "2001:db8::", stop: "2001:db8::ff"),
            .cidr("10.0.0.0/40"), .run(start: "10.0.0.9", stop: "10.0.0.1"), .cidr("x"),
          ])), from: .manifests)
    #expect(
      one.warnings.map(\.description) == [
        "the pools blue and red overlap: both have 10.0.0.15",
        "pool red has blocks that cannot be read: 10.0.0.0/40, 10.0.0.9-10.0.0.1, x",
      ])
    one.remove(.pool, ObjectName("", "blue"), from: .kubernetes)
    #expect(one.warnings.first == .outsidePools([IPAddress("10.0.0.5")!]))
  }
}
