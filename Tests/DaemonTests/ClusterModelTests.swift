import Announcer
import Cluster
import Configuration
import Kubernetes
import Testing
import Wire

@testable import Daemon

/// When the first word about a cluster is said, and what it waits for.
struct ClusterModelTests {
  private func model(_ text: String = "kubernetes: {}") throws -> ClusterModel {
    ClusterModel(
      try Configuration.parse("node: node-a\n\(text)", file: "a.yaml", hostName: "node-a"))
  }

  private let web = Service(
    ObjectName("default", "web"), uid: "u", type: "LoadBalancer",
    ingress: [Service.Ingress(ip: "10.0.0.1")])
  private let address = IPAddress("10.0.0.1")!

  /// Every kind but `late`.
  private func tellAll(_ model: ClusterModel, but late: ClusterObject.Kind? = nil) {
    for kind in ClusterObject.Kind.allCases where kind != late {
      switch kind {
      case .service: model.take(.replaced(kind, [.service(web)]))
      case .node: model.take(.replaced(kind, [.node(Node("node-a"))]))
      case .policy: model.take(.kind(kind, isInstalled: false))
      default: model.take(.replaced(kind, []))
      }
    }
  }

  @Test(arguments: ClusterObject.Kind.allCases.filter { $0 != .pool })
  func nothingIsSaidBeforeEveryKindHasBeenRead(late: ClusterObject.Kind) throws {
    let model = try model()
    tellAll(model, but: late)
    #expect(model.takeOutcome() == nil)
    #expect(model.awaited == [.kind(late)])
    tellAll(model)
    let outcome = try #require(model.takeOutcome())
    #expect(outcome.wishes.origins(of: address) == ["service default/web (default policy)"])
    // Told once.
    #expect(model.takeOutcome() == nil)
    model.take(.deleted(.service, web.name))
    #expect(model.takeOutcome()?.wishes.count == 0)
  }

  @Test func theDefaultPolicyEndsWhenTheKindComes() throws {
    let model = try model()
    tellAll(model)
    #expect(model.takeOutcome()?.wishes.count == 1)
    // That there are policies is no reason to stop before they are known.
    model.take(.kind(.policy, isInstalled: true))
    #expect(model.takeOutcome() == nil)
    model.take(.replaced(.policy, [.policy(L2AnnouncementPolicy("lan", loadBalancerIPs: true))]))
    #expect(
      model.takeOutcome()?.wishes.origins(of: address) == ["service default/web (policy lan)"])
    model.take(.replaced(.policy, []))
    #expect(model.takeOutcome()?.wishes.count == 0)
  }

  /// Deleted with their kind, or one by one: what a policy left out is not announced for that.
  @Test func theDefaultPolicyDoesNotComeBack() throws {
    let model = try model()
    tellAll(model, but: .policy)
    model.take(.kind(.policy, isInstalled: true))
    model.take(.replaced(.policy, [.policy(L2AnnouncementPolicy("lan", loadBalancerIPs: false))]))
    #expect(model.takeOutcome()?.wishes.count == 0)
    model.take(.kind(.policy, isInstalled: false))
    model.take(.replaced(.service, [.service(web)]))
    #expect((model.takeOutcome()?.wishes ?? Wishes()).count == 0)
    #expect(model.explanations(of: address).map(\.reasons) == [[.policiesGone]])
  }

  @Test func aPolicyThatCannotBeReadIsNoPermission() throws {
    let model = try model("kubernetes: {}\ndefaultPolicy: all")
    tellAll(model, but: .policy)
    model.take(.unread(.policy, ["CiliumL2AnnouncementPolicy lan: spec: text"]))
    model.take(.replaced(.policy, []))
    #expect(model.takeOutcome()?.wishes.count == 0)
    #expect(
      model.explanations(of: address).map(\.reasons)
        == [[.policiesUnread(["CiliumL2AnnouncementPolicy lan: spec: text"])]])
    // Asked for, and there is none: the kind alone does not matter.
    model.take(.unread(.policy, []))
    #expect(model.takeOutcome()?.wishes.count == 1)
  }

  @Test func aNodeThatTheClusterDoesNotKnowAnnouncesNothing() throws {
    let model = try model()
    tellAll(model)
    model.take(.changed(.node(Node("node-b"))))
    #expect(model.takeOutcome()?.wishes.requests.first?.obstacle == nil)
    model.take(.deleted(.node, ObjectName("", "node-a")))
    #expect(
      model.takeOutcome()?.wishes.requests.first?.obstacle == .nodeUnknown(name: "node-a"))
  }

  /// `kubectl delete node node-a node-b`: silence of all nodes would help nobody, and people are told.
  @Test func aClusterWithoutAnyNodeIsServedAsBefore() throws {
    let model = try model()
    tellAll(model)
    #expect(model.takeOutcome()?.nodeNote == nil)
    model.take(.deleted(.node, ObjectName("", "node-a")))
    let outcome = try #require(model.takeOutcome(), "the note is news")
    #expect(outcome.wishes.requests.first?.obstacle == nil)
    let note = try #require(outcome.nodeNote)
    #expect(note.hasPrefix("the cluster has no Node objects: this node goes on"))
    #expect(outcome.notes == [note] && outcome.faults.isEmpty)
    model.take(.changed(.node(Node("node-a"))))
    let after = try #require(model.takeOutcome())
    #expect(after.nodeNote == nil && after.notes.isEmpty)
  }

  @Test func troubleIsKeptUntilItIsOver() throws {
    let model = try model()
    model.take(.trouble(.node, "nodes is forbidden"))
    model.take(.trouble(.service, "no answer"))
    #expect(model.troubles == ["no answer", "nodes is forbidden"])
    model.take(.trouble(.service, nil))
    #expect(model.troubles == ["nodes is forbidden"])
  }

  /// Pools give addresses; a node that may not read them announces all the same.
  @Test func poolsHoldUpNothing() throws {
    let model = try model()
    for kind in ClusterObject.Kind.allCases where kind != .pool {
      model.take(.replaced(kind, []))
    }
    #expect(model.awaited.isEmpty)
    #expect(model.unknowns.isEmpty)
  }

  @Test func whatIsNotKnownYetIsNamedWithItsTrouble() throws {
    let model = try model()
    model.take(.trouble(.service, "services is forbidden"))
    #expect(
      model.unknowns.contains(
        "the Service objects of the cluster have not been read yet: services is forbidden"),
      "\(model.unknowns)")
    #expect(model.unknowns.count == ClusterObject.Kind.allCases.count - 1)
  }

  @Test func theFirstNodeByNameWritesForAll() throws {
    let model = try model()
    #expect(model.nodesBefore == 0)
    model.setOtherNodes(["node-0", "node-b", "a"])
    #expect(model.nodesBefore == 2)
  }

  @Test func withoutAClusterNothingIsAwaited() throws {
    let model = try model("kubernetes: {services: false}")
    #expect(model.awaited.isEmpty)
  }
}
