internal import AddressPools
internal import Cluster
internal import Configuration
internal import Kubernetes
internal import LinuxSystem
internal import Synchronization
internal import Time
internal import Wire

/// The pools and Services as this node knows them, and what follows from them.
///
/// Every node keeps them, whether it gives addresses or not: so that each can say what there is, and go
/// on from where another stopped.
final class PoolModel: Sendable {
  private struct State {
    var allocator: PoolAllocator
    var trouble: String?
    var remarks: [String] = []
    /// Whether the pools were read, or the server does not have the kind.
    var knowsPools = false
    var history: UInt64 = 0
  }

  private let state: Mutex<State>
  private let wake: AsyncStream<Void>.Continuation
  /// Yields when there may be something to do. For one reader.
  let signals: AsyncStream<Void>

  init(_ configuration: Configuration) {
    (signals, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    state = Mutex(State(allocator: PoolAllocator(PoolSettings(configuration))))
  }

  /// Takes over a configuration that was read again.
  func settle(_ configuration: Configuration) {
    with { $0.settings = PoolSettings(configuration, of: $0.settings) }
    wake.yield()
  }

  /// Takes over what the API server tells.
  func take(_ news: ClusterNews) {
    let isNews = state.withLock { state in
      if case .replaced(_, _, _, isRestored: true) = news {
        // Of one kind only: the other is still what it was.
        state.allocator.forgetVersions()
        state.history += 1
      }
      switch news {
      case .replaced(.pool, _, _, _), .kind(.pool, isInstalled: false): state.knowsPools = true
      default: break
      }
      return Self.take(news, &state.allocator)
    }
    if isNews { wake.yield() }
  }

  private static func take(_ news: ClusterNews, _ allocator: inout PoolAllocator) -> Bool {
    switch news {
    case .replaced(.service, let objects, let version, _):
      allocator.replaceServices(objects.compactMap(\.service), listVersion: version, at: .now)
    case .replaced(.pool, let objects, let version, _):
      allocator.replacePools(objects.compactMap(\.pool), listVersion: version)
    case .changed(.service(let service)): allocator.update(service, at: .now)
    case .changed(.pool(let pool)): allocator.update(pool)
    case .replaced(.node, let objects, _, _): allocator.replaceNodes(objects.compactMap(\.node))
    case .changed(.node(let node)): allocator.update(node)
    case .deleted(.node, let name, _): allocator.removeNode(name.name)
    case .deleted(.service, let name, let version):
      allocator.removeService(name, version: version)
    case .deleted(.pool, let name, let version):
      allocator.removePool(name.name, version: version)
    // A server that has just started may not know its own kinds yet.
    case .kind(.pool, isInstalled: false), .trouble(.pool, _): break
    default: return false
    }
    return true
  }

  /// Counts how often the server's store was put back from a backup: what is known of pools and Services
  /// may be of two histories until both were read again.
  var history: UInt64 { state.withLock { $0.history } }

  /// What is to be written now; nil in another history than the one that the caller has read.
  func plan(limit: Int, in history: UInt64) -> [PoolStep]? {
    state.withLock { state in
      state.history == history ? state.allocator.plan(limit: limit, at: .now) : nil
    }
  }

  /// What keeps this node from giving addresses; nil: nothing.
  var trouble: String? {
    get { state.withLock { $0.trouble } }
    set { state.withLock { $0.trouble = newValue } }
  }

  /// What the API server does not take from this node beside that.
  var remarks: [String] {
    get { state.withLock { $0.remarks } }
    set { state.withLock { $0.remarks = newValue } }
  }

  /// Whether all pools there are have been heard of.
  var knowsPools: Bool { state.withLock { $0.knowsPools } }

  /// What people should know beside the conditions on their objects.
  var warnings: [String] {
    let foreign = with { $0.foreignActivity }
    var warnings = trouble.map { ["addresses from the pools cannot be given: \($0)"] } ?? []
    warnings += remarks
    warnings += foreign.prefix(Self.named).map(\.line)
    if foreign.count > Self.named {
      warnings.append(
        "somebody else wrote the status of \(foreign.count - Self.named) more Services")
    }
    return warnings
  }

  /// So many Services are named in warnings.
  private static let named = 3

  /// What pools and Services have to do with an address, for `explain`.
  ///
  /// - Parameter isGiving: whether addresses are given here; else the pools are somebody else's.
  func notes(on address: IPAddress, isGiving: Bool) -> [String] {
    let explanation = with { $0.explanation(of: address) }
    if isGiving { return explanation.lines }
    return explanation.pools.map { "pool \($0.name) has it" }
  }

  /// Asks or tells the allocator something.
  func with<Result: Sendable>(_ body: (inout PoolAllocator) -> Result) -> Result {
    state.withLock { body(&$0.allocator) }
  }
}

extension ClusterObject {
  fileprivate var service: Service? {
    if case .service(let service) = self { service } else { nil }
  }

  fileprivate var node: Node? {
    if case .node(let node) = self { node } else { nil }
  }

  fileprivate var pool: LoadBalancerIPPool? {
    if case .pool(let pool) = self { pool } else { nil }
  }
}

extension PoolSettings {
  init(_ configuration: Configuration) {
    self.init(
      classes: Set(configuration.kubernetes?.loadBalancerClasses ?? []),
      reserved: configuration.announcements.flatMap(\.ranges))
  }

  /// What was learned of the server meanwhile stays.
  init(_ configuration: Configuration, of other: PoolSettings) {
    self.init(configuration)
    keepsConditions = other.keepsConditions
  }
}
