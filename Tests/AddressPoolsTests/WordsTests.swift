import AddressPools
import Cluster
import Testing
import Time
import Wire

/// What people are told of what pools give and take: the one true cause.
struct WordsTests {
  private func world() -> World { World(PoolSettings(), [pool("a", "10.0.0.0/28")]) }

  /// What keeps `b` from the address that `a` has under the same key.
  private func refusal(_ a: Service, _ b: Service) -> String? {
    var world = world()
    world.put(a)
    world.settle()
    world.put(b)
    world.settle()
    return world.condition(b.name.name)
  }

  @Test func whatKeepsTwoFromSharingIsNamed() throws {
    let prefix =
      "already_allocated_incompatible_service: default/a has 10.0.0.0 under the same sharing key, "
      + "and cannot share it: "
    let web = service("a", age: 1, key: "k", ports: [80, 443])
    #expect(
      refusal(web, service("b", age: 2, ips: "10.0.0.0", key: "k", ports: [22, 443]))
        == prefix + "both have port 443/TCP")
    #expect(
      refusal(web, service("b", age: 2, ips: "10.0.0.0", key: "k", ports: [22], isLocal: true))
        == prefix + "only default/b has externalTrafficPolicy: Local")
    #expect(
      refusal(
        service("a", age: 1, key: "k", ports: [1], selector: ["app": "x"], isLocal: true),
        service(
          "b", age: 2, ips: "10.0.0.0", key: "k", ports: [2], selector: ["app": "y"],
          isLocal: true))
        == prefix + "externalTrafficPolicy is Local, and their selectors differ")
  }

  @Test(arguments: [
    (["two"], [String](), "two/b does not name the namespace default"),
    ([], ["default"], "default/a does not name the namespace two"),
  ])
  func namespacesThatDoNotNameEachOther(mine: [String], theirs: [String], words: String) {
    var world = world()
    world.put(service("a", age: 1, key: "k", with: mine, ports: [1]))
    world.settle()
    world.put(service("b", age: 2, in: "two", ips: "10.0.0.0", key: "k", with: theirs, ports: [2]))
    world.settle()
    let message = world.services[ObjectName("two", "b")]?.allocation.conditions.first?.message
    #expect(message?.contains(words) == true, "\(message ?? "none")")
  }

  /// Why `s` loses its first address after a change, as the event has it.
  private func loss(
    _ first: Service = service("s"), pools: [LoadBalancerIPPool]? = nil,
    _ change: (inout World) -> Void
  ) -> String? {
    var world = World(PoolSettings(classes: ["ours"]), pools ?? [pool("a", "10.0.0.0/30")])
    world.put(first)
    world.settle()
    change(&world)
    for step in world.allocator.plan(limit: .max, at: world.now) {
      guard case .service(let writing) = step, writing.service == first.name else { continue }
      return writing.change.released.first?.reason.description
    }
    return nil
  }

  @Test func everyLossHasItsReason() {
    #expect(
      loss { $0.change("s") { $0.type = "ClusterIP" } } == "the Service is of type ClusterIP")
    #expect(
      loss(service("s", class: "ours")) { $0.allocator.settings.classes = [] }
        == "its loadBalancerClass ours is none of kubernetes.loadBalancerClasses")
    #expect(
      loss { $0.change("s") { $0.allocation.requestedIPs = "10.0.0.3" } }
        == "the Service asks for 10.0.0.3")
    #expect(loss { $0.put(pool("a", "10.0.9.0/30")) } == "no pool has it")
    #expect(
      loss { world in
        world.put(pool("a", "10.0.0.0/30", selector: ["a": "b"]))
      } == "pool a, which has it, does not select this Service")
  }

  /// Two writers: each change is told as it was, not against what we wrote long ago.
  @Test func whatOthersChangedIsTheLastChange() {
    var world = world()
    world.put(service("s"))
    world.settle()
    world.change("s") { $0.ingress = [.init(ip: "10.0.0.9")] }
    world.settle()
    world.change("s") { $0.ingress = [.init(ip: "10.0.0.0")] }
    world.settle()
    let activity = world.allocator.foreignActivity
    #expect(activity.map(\.wrote) == [["10.0.0.9"]])
    #expect(activity.map(\.found) == [["10.0.0.0"]])
    #expect(activity.map(\.count) == [2])
  }
}
