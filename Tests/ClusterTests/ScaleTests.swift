import Announcer
import Cluster
import Testing
import Wire

/// Two thousand Services under fifty policies, one of which changes. The bounds are for an
/// unoptimised build on a busy machine, far above what the release needs: they catch what is quadratic.
@Suite(.serialized) struct ScaleTests {
  @Test(.timeLimit(.minutes(10))) func oneAmongManyIsCheap() throws {
    var one = Selection(SelectionSettings(node: "node-0"))
    let clock = ContinuousClock()
    func measure(_ what: String, atMost limit: Duration = .seconds(3), _ body: () -> Void) {
      let duration = clock.measure(body)
      #expect(duration < limit, "\(what)")
    }
    func number(_ index: Int) -> Service {
      Service(
        ObjectName("team-\(index % 50)", "service-number-\(index)"), uid: "\(index)",
        labels: [
          "app.kubernetes.io/name": "service-number-\(index)",
          "app.kubernetes.io/part-of": "part-\(index % 50)", "tier": "tier-\(index % 3)",
          "helm.sh/chart": "a-chart-with-a-long-name-1.2.3",
        ], type: "LoadBalancer",
        ingress: [.init(ip: "10.\(80 + index / 65_536).\(index / 256 % 256).\(index % 256)")],
        isLocal: index % 2 == 0)
    }
    func part(_ index: Int, interfaces: [String] = ["^lan0$"]) -> L2AnnouncementPolicy {
      policy(
        "policy-\(index)",
        services: LabelSelector(matchLabels: ["app.kubernetes.io/part-of": "part-\(index)"]),
        interfaces: interfaces)
    }
    measure("50 policies, 2,000 services with their slices", atMost: .seconds(20)) {
      for index in 0..<50 { one.update(.policy(part(index)), from: .kubernetes) }
      for index in 0..<2_000 {
        let service = number(index)
        one.update(.service(service), from: .kubernetes)
        let slice = EndpointSlice(
          ObjectName(service.name.namespace, "\(service.name.name)-abcde"),
          service: service.name.name,
          endpoints: (0..<3).map { .init(node: "node-\((index + $0) % 30)") })
        one.update(.endpointSlice(slice), from: .kubernetes)
      }
    }
    var wishes = Wishes()
    measure("wishes") { wishes = one.wishes }
    #expect(wishes.count == 2_000)
    #expect(wishes.requests.count == 2)
    measure("a service") {
      var service = number(1000)
      service.ingress = [.init(ip: "10.99.0.1")]
      one.update(.service(service), from: .kubernetes)
      wishes = one.wishes
    }
    #expect(!wishes.origins(of: IPAddress("10.99.0.1")!).isEmpty)
    measure("a slice") {
      let slice = EndpointSlice(
        ObjectName("team-0", "service-number-1000-abcde"), service: "service-number-1000",
        endpoints: [.init(node: "node-0")])
      one.update(.endpointSlice(slice), from: .kubernetes)
      wishes = one.wishes
    }
    measure("a policy's interfaces") {
      one.update(.policy(part(7, interfaces: ["^lan1$"])), from: .kubernetes)
      wishes = one.wishes
    }
    measure("a policy's selector") {
      var all = part(7)
      all.serviceSelector = nil
      one.update(.policy(all), from: .kubernetes)
      wishes = one.wishes
    }
    measure("this node's labels") {
      one.update(
        .node(Node("node-0", labels: ["a": "b"], isUnschedulable: true)), from: .kubernetes)
      one.update(.node(Node("node-1")), from: .kubernetes)
      wishes = one.wishes
    }
    #expect(wishes.requests.contains { $0.obstacle == .nodeLeaving(name: "node-0", taint: nil) })
    measure("assignments") { _ = Assignments(wishes.requests) }
  }
}
