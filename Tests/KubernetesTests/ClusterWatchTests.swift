import Cluster
import HTTPTransport
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Kubernetes

@Suite(.timeLimit(.minutes(10))) struct ClusterWatchTests {
  /// A server with the five kinds, of which the Cilium ones come and go.
  private final class FakeCluster: Sendable {
    let services = FakeCollection("Service")
    let nodes = FakeCollection("Node")
    let slices: FakeCollection
    let policies = FakeCollection("CiliumL2AnnouncementPolicy", apiVersion: "cilium.io/v2alpha1")
    let pools = FakeCollection("CiliumLoadBalancerIPPool", apiVersion: "cilium.io/v2alpha1")
    let sliceVersion: String
    private let ciliumVersions = Mutex<[String]>([])
    private let isAway = Mutex(false)

    init(sliceVersion: String = "v1") {
      self.sliceVersion = sliceVersion
      slices = FakeCollection("EndpointSlice", apiVersion: "discovery.k8s.io/\(sliceVersion)")
    }

    func install(_ versions: [String]) { ciliumVersions.withLock { $0 = versions } }
    /// A gateway answers in the server's place.
    func setAway(_ away: Bool) { isAway.withLock { $0 = away } }

    func answer(_ request: ScriptedAPI.Request, _ exchange: Exchange) {
      let versions = ciliumVersions.withLock { $0 }
      if isAway.withLock({ $0 }) {
        return exchange.answer("default backend - 404", status: 404)
      }
      func resources(_ list: [(String, String)]) {
        let texts = list.map {
          #"{"name":"\#($0.0)","kind":"\#($0.1)","verbs":["get","list","watch"]}"#
        }
        exchange.answer(
          #"{"kind":"APIResourceList","resources":[\#(texts.joined(separator: ","))]}"#)
      }
      let parts = request.path.split(separator: "/").map(String.init)
      switch parts {
      case ["api", "v1", "services"]: services.answer(request, exchange)
      case ["api", "v1", "nodes"]: nodes.answer(request, exchange)
      case ["apis"]:
        let cilium = versions.map { #"{"version":"\#($0)"}"# }.joined(separator: ",")
        exchange.answer(
          #"{"kind":"APIGroupList","groups":[{"name":"discovery.k8s.io","versions":[{"version":"#
            + #""\#(sliceVersion)"}]}\#(versions.isEmpty ? "" : #",{"name":"cilium.io","versions":[\#(cilium)]}"#)]}"#
        )
      case ["apis", "discovery.k8s.io", sliceVersion]:
        resources([("endpointslices", "EndpointSlice")])
      case ["apis", "discovery.k8s.io", sliceVersion, "endpointslices"]:
        slices.answer(request, exchange)
      case ["apis", "cilium.io", "v2alpha1"] where versions.contains("v2alpha1"):
        resources([
          ("ciliuml2announcementpolicies", policies.kind),
          ("ciliumloadbalancerippools", pools.kind),
        ])
      case ["apis", "cilium.io", "v2"] where versions.contains("v2"):
        resources([("ciliumloadbalancerippools", pools.kind)])
      case ["apis", "cilium.io", "v2alpha1", "ciliuml2announcementpolicies"]
      where versions.contains("v2alpha1"):
        policies.answer(request, exchange)
      case let parts
      where parts.count == 4 && parts[3] == "ciliumloadbalancerippools"
        && versions.contains(parts[2]):
        pools.answer(request, exchange)
      default: exchange.answer("404 page not found\n", status: 404)
      }
    }
  }

  /// What a reader of the news knows.
  private final class Reader: Sendable {
    private struct State {
      var objects: [ClusterObject.Kind: Set<ObjectName>] = [:]
      var installed: [ClusterObject.Kind: Bool] = [:]
      var troubles: [ClusterObject.Kind: String] = [:]
      var unread: [ClusterObject.Kind: [String]] = [:]
      var news: [ClusterNews] = []
    }
    private let state = Mutex(State())

    func names(_ kind: ClusterObject.Kind) -> [String]? {
      state.withLock { $0.objects[kind]?.map(\.description).sorted() }
    }
    func isInstalled(_ kind: ClusterObject.Kind) -> Bool? { state.withLock { $0.installed[kind] } }
    func unread(_ kind: ClusterObject.Kind) -> [String] { state.withLock { $0.unread[kind] ?? [] } }
    func trouble(_ kind: ClusterObject.Kind) -> String? { state.withLock { $0.troubles[kind] } }
    var news: [ClusterNews] { state.withLock { $0.news } }

    func take(_ news: ClusterNews) {
      state.withLock { state in
        state.news.append(news)
        switch news {
        case .replaced(let kind, let objects, _, _): state.objects[kind] = Set(objects.map(\.name))
        case .changed(let object): state.objects[object.kind, default: []].insert(object.name)
        case .deleted(let kind, let name, _): state.objects[kind]?.remove(name)
        case .kind(let kind, let isInstalled):
          state.installed[kind] = isInstalled
          if !isInstalled { state.objects[kind] = [] }
        case .unread(let kind, let names): state.unread[kind] = names
        case .trouble(let kind, let text): state.troubles[kind] = text
        case .quiet: break
        }
      }
    }
  }

  private func watch(
    _ cluster: FakeCluster, _ body: (ScriptedAPI, ClusterWatch, Reader) async throws -> Void
  ) async throws {
    try await ScriptedAPI.run {
      cluster.answer($0, $1)
    } _: { server in
      let client = try APIClient(access(server.url))
      let watch = ClusterWatch(client, pace: Follower.pace)
      let reader = Reader()
      let task = Task { await watch.run() }
      let reading = Task { for await news in watch.news { reader.take(news) } }
      let result: Result<Void, any Error>
      do {
        result = .success(try await body(server, watch, reader))
      } catch {
        result = .failure(error)
      }
      task.cancel()
      await task.value
      // The stream ends with the watch.
      await reading.value
      try result.get()
    }
  }

  @Test func allKinds() async throws {
    let cluster = FakeCluster()
    cluster.install(["v2", "v2alpha1"])
    cluster.services.put("web", #","spec":{"type":"LoadBalancer"}"#)
    cluster.nodes.put("n1")
    cluster.policies.put("p")
    cluster.pools.put("pool")
    try await watch(cluster) { _, watch, reader in
      await eventually {
        ClusterObject.Kind.allCases.allSatisfy { reader.names($0) != nil }
          && watch.standings.values.allSatisfy { $0.isInstalled == true }
      }
      #expect(reader.names(.service) == ["default/web"])
      #expect(reader.names(.node) == ["n1"])
      #expect(reader.names(.endpointSlice) == [])
      #expect(reader.names(.policy) == ["p"])
      #expect(reader.names(.pool) == ["pool"])
      // Each in the best version that the server has of it.
      #expect(
        watch.standings.mapValues(\.path) == [
          .service: "/api/v1/services", .node: "/api/v1/nodes",
          .endpointSlice: "/apis/discovery.k8s.io/v1/endpointslices",
          .policy: "/apis/cilium.io/v2alpha1/ciliuml2announcementpolicies",
          .pool: "/apis/cilium.io/v2/ciliumloadbalancerippools",
        ])
      await eventually { cluster.services.watchCount == 1 }
      cluster.services.put("mail")
      cluster.services.delete("web")
      await eventually { reader.names(.service) == ["default/mail"] }
      let standing = watch.standings[.service]
      #expect(standing?.objectCount == 1)
      #expect(standing?.lastEventAt != nil)
      #expect(standing?.lastListAt != nil)
      #expect(standing?.reconnections == 0)
      cluster.services.endWatches()
      await eventually { watch.standings[.service]?.reconnections == 1 }
    }
  }

  @Test func anOlderServer() async throws {
    let cluster = FakeCluster(sliceVersion: "v1beta1")
    cluster.slices.put("web-1")
    try await watch(cluster) { _, _, reader in
      await eventually { reader.names(.endpointSlice) == ["default/web-1"] }
    }
  }

  @Test func kindsThatComeAndGo() async throws {
    let cluster = FakeCluster()
    cluster.policies.put("p")
    cluster.pools.put("pool")
    try await watch(cluster) { server, watch, reader in
      await eventually {
        reader.isInstalled(.policy) == false && reader.isInstalled(.pool) == false
      }
      // Found several times over, and said once.
      await eventually { server.requests(to: "/apis").count > 8 }
      cluster.install(["v2alpha1"])
      await eventually { reader.names(.policy) == ["p"] && reader.names(.pool) == ["pool"] }
      #expect(reader.isInstalled(.policy) == true)
      // Another version takes its place.
      await eventually { cluster.pools.watchCount == 1 && cluster.policies.watchCount == 1 }
      cluster.install(["v2"])
      cluster.pools.cutWatches()
      cluster.policies.cutWatches()
      await eventually {
        watch.standings[.pool]?.path == "/apis/cilium.io/v2/ciliumloadbalancerippools"
      }
      await eventually { reader.isInstalled(.policy) == false }
      #expect(reader.names(.policy) == [])
      #expect(watch.standings[.policy]?.objectCount == 0)
      #expect(reader.isInstalled(.pool) == true)
      #expect(reader.names(.pool) == ["pool"])
      let absences = reader.news.filter { $0 == .kind(.policy, isInstalled: false) }
      #expect(absences.count == 2)
    }
  }

  /// A 404 from somebody else must not withdraw everything.
  @Test func aGatewayThatKnowsNothing() async throws {
    let cluster = FakeCluster()
    cluster.install(["v2alpha1"])
    cluster.services.put("web")
    cluster.policies.put("p")
    try await watch(cluster) { _, _, reader in
      await eventually {
        cluster.services.watchCount == 1 && cluster.policies.watchCount == 1
          && reader.names(.policy) == ["p"]
      }
      cluster.setAway(true)
      cluster.services.cutWatches()
      cluster.policies.cutWatches()
      await eventually {
        reader.trouble(.service)?.contains("default backend - 404") == true
          && reader.trouble(.policy)?.contains("default backend - 404") == true
      }
      cluster.setAway(false)
      await eventually { reader.trouble(.service) == nil && reader.trouble(.policy) == nil }
      #expect(reader.names(.service) == ["default/web"])
      #expect(!reader.news.contains(.kind(.service, isInstalled: false)))
      #expect(!reader.news.contains(.kind(.policy, isInstalled: false)))
    }
  }

  @Test func whatCannotBeReadIsNamedAndTheRestCounts() async throws {
    let cluster = FakeCluster()
    cluster.services.put("bad", #","spec":{"externalIPs":3}"#)
    cluster.services.put("good")
    try await watch(cluster) { _, _, reader in
      await eventually { reader.names(.service) == ["default/good"] }
      await eventually { reader.trouble(.service)?.contains("Service default/bad") == true }
      cluster.services.put("good", #","spec":{"externalIPs":"x"}"#)
      cluster.services.put("new")
      await eventually { reader.names(.service)?.contains("default/new") == true }
      #expect(reader.names(.service)?.contains("default/good") == true)
      #expect(reader.trouble(.service) != nil)
      #expect(reader.unread(.service).count == 2)
    }
  }

  @Test func whatCanBeReadAgainIsNoTroubleAnyMore() async throws {
    let cluster = FakeCluster()
    cluster.services.put("bad", #","spec":{"externalIPs":3}"#)
    cluster.services.put("good")
    try await watch(cluster) { _, _, reader in
      await eventually { reader.trouble(.service)?.contains("Service default/bad") == true }
      await eventually { cluster.services.watchCount == 1 }
      cluster.services.put("good", #","spec":{"externalIPs":"x"}"#)
      await eventually { reader.unread(.service).count == 2 }
      cluster.services.put("bad")
      await eventually { reader.trouble(.service)?.contains("Service default/good") == true }
      #expect(reader.names(.service) == ["default/bad", "default/good"])
      #expect(reader.unread(.service).count == 1)
      cluster.services.delete("good")
      await eventually { reader.trouble(.service) == nil }
      #expect(reader.unread(.service).isEmpty)
      #expect(reader.names(.service) == ["default/bad"])
    }
  }
}
