import Kubernetes
import KubernetesTestKit
import LANTestKit
import Lease
import LeaseTestKit
import LinuxSystem
import Synchronization
import Testing
import Time
import Wire

@testable import LeaseKubernetes

func addresses(_ count: Int, from first: UInt32 = 0x0a00_0001) -> [IPAddress] {
  (0..<count).map { .v4(IPv4Address(rawValue: first + UInt32($0))) }
}

extension TestCluster {
  func client() throws -> APIClient {
    let server = try #require(ServerURL(url))
    return try APIClient(
      ClusterAccess(
        origin: "test", server: server,
        authority: authority.map { .certificates(.file($0)) } ?? .system,
        user: ClusterUser(authorization: .token(token))))
  }

  func claim(_ address: IPAddress, in namespace: String) async throws -> JSON? {
    try await get(.lease, in: namespace, LeaseNames.claim(address))
  }

  /// What a person does with `kubectl edit`: changes a Lease as it is now.
  func edit(
    _ name: String, in namespace: String, _ change: (inout JSON) -> Void
  ) async throws {
    while true {
      var object = try #require(try await get(.lease, in: namespace, name))
      change(&object)
      let answer = try await call(
        "PUT", APIKind.lease.path(in: namespace, name), body: object)
      if answer.code == 409 { continue }
      try #require(answer.code == 200, "\(answer.text)")
      return
    }
  }
}

/// A store and what it told.
final class StoreClient: Sendable {
  let store: KubernetesLeaseStore
  private let told = Mutex<[StoreChange]>([])

  init(
    _ cluster: any TestCluster, _ namespace: String, notes: ClaimNotes = ClaimNotes()
  ) throws {
    store = KubernetesLeaseStore(
      try cluster.client(), KubernetesLeaseOptions(namespace: namespace), notes: notes)
    let changes = store.changes
    Task { [weak self] in
      for await batch in changes { self?.told.withLock { $0 += batch } }
    }
  }

  var changes: [StoreChange] { told.withLock { $0 } }
  func forget() { told.withLock { $0 = [] } }

  /// Opens a session that has to open, and waits until the watch listens.
  func open(_ node: String, timeToLive: Duration = .seconds(30)) async throws -> SessionID {
    let opening = try await store.open(node: node, timeToLive: timeToLive, within: .seconds(20))
    guard case .opened(let id, let granted) = opening else {
      throw TestClusterError("\(node): \(opening)")
    }
    #expect(granted == timeToLive)
    await eventually { changes.contains(.missed) }
    return id
  }

  func acquire(
    _ addresses: [IPAddress], _ session: SessionID
  ) async throws -> [IPAddress: AcquireAnswer] {
    try await store.acquire(addresses, for: session, within: .seconds(20))
  }

  func read() async throws -> StorePicture { try await store.read(within: .seconds(20)) }
}

extension AcquireAnswer {
  var epoch: Epoch? { if case .acquired(let epoch) = self { epoch } else { nil } }
}

typealias KubernetesNode = ElectingNode<KubernetesLeaseStore>

extension KubernetesNode {
  init(
    _ name: String, _ cluster: any TestCluster, _ namespace: String,
    _ timeToLive: Duration = .seconds(2)
  ) throws {
    let store = KubernetesLeaseStore(
      try cluster.client(), KubernetesLeaseOptions(namespace: namespace))
    try self.init(name, store, timeToLive, limits: KubernetesLeaseStore.limits) { .now }
  }

  /// A node until the end of `body`, shut down in good order.
  static func with(
    _ name: String, _ cluster: any TestCluster, _ namespace: String,
    _ timeToLive: Duration = .seconds(2), _ body: (KubernetesNode) async throws -> Void
  ) async throws {
    try await KubernetesNode(name, cluster, namespace, timeToLive).running(body)
  }

  /// A node that ends like a process that is killed; when that was.
  static func dying(
    _ name: String, _ cluster: any TestCluster, _ namespace: String,
    _ timeToLive: Duration = .seconds(2), _ body: (KubernetesNode) async throws -> Void
  ) async throws -> Instant {
    try await KubernetesNode(name, cluster, namespace, timeToLive).dying(body)
  }
}

/// Waits until something is so; servers share the machine with us.
func eventually(
  _ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async rethrows {
  try await LANTestKit.eventually(
    within: .seconds(30), sourceLocation: sourceLocation, condition)
}
