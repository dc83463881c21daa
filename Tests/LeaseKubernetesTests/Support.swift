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

/// A driver on a store.
struct KubernetesNode {
  let store: KubernetesLeaseStore
  let driver: LeaseDriver
  let recorder = ViewRecorder()

  init(
    _ name: String, _ cluster: any TestCluster, _ namespace: String,
    _ timeToLive: Duration = .seconds(2)
  ) throws {
    store = KubernetesLeaseStore(
      try cluster.client(), KubernetesLeaseOptions(namespace: namespace))
    driver = LeaseDriver(
      store: store, node: name, timing: try LeaseTiming(timeToLive: timeToLive),
      limits: KubernetesLeaseStore.limits, now: { .now })
  }

  func run() async {
    async let views: Void = recorder.record(driver.views)
    await driver.run()
    await views
  }

  /// The first view from the last one on that satisfies the condition.
  @discardableResult
  func until(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: (LeaseView) -> Bool
  ) async throws -> LeaseView {
    let view = await recorder.until(condition)
    return try #require(view, sourceLocation: sourceLocation)
  }

  /// A node until the end of `body`, shut down in good order.
  static func with(
    _ name: String, _ cluster: any TestCluster, _ namespace: String,
    _ timeToLive: Duration = .seconds(2), _ body: (KubernetesNode) async throws -> Void
  ) async throws {
    let node = try KubernetesNode(name, cluster, namespace, timeToLive)
    let run = Task { await node.run() }
    do {
      try await body(node)
    } catch {
      run.cancel()
      await run.value
      throw error
    }
    await node.driver.shutDown()
    await run.value
  }

  /// A node that ends like a process that is killed: nothing is released. When that was.
  static func dying(
    _ name: String, _ cluster: any TestCluster, _ namespace: String,
    _ timeToLive: Duration = .seconds(2), _ body: (KubernetesNode) async throws -> Void
  ) async throws -> Instant {
    let node = try KubernetesNode(name, cluster, namespace, timeToLive)
    let run = Task { await node.run() }
    defer { run.cancel() }
    try await body(node)
    let now = Instant.now
    run.cancel()
    await run.value
    return now
  }
}

/// Waits until something is so; servers share the machine with us.
func eventually(
  _ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async rethrows {
  try await LANTestKit.eventually(
    within: .seconds(30), sourceLocation: sourceLocation, condition)
}

/// What a call failed with; a failure of the test where it did not.
func failure(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> StoreFailure? {
  do {
    try await body()
  } catch let failure as StoreFailure {
    return failure
  } catch {
    Issue.record("not a StoreFailure: \(error)", sourceLocation: sourceLocation)
    return nil
  }
  Issue.record("it did not fail", sourceLocation: sourceLocation)
  return nil
}
