/// What the objects of a cluster ask this node to announce: kept in step with every object that comes,
/// changes or goes.
///
/// The outcome is a function of the objects that are there, whatever the order in which they came, with two memories:
/// a policy which becomes faulty stays in force as it last was, and so does this node's own Node while the API server
/// has none at all. Each object costs
/// what it touches: a Service is decided when it, its policies or its endpoints change, so that one
/// among ten thousand costs microseconds.
package struct Selection: Sendable {
  package let settings: SelectionSettings

  var services: [ObjectKey: ServiceEntry] = [:]
  var policies: [ObjectKey: PolicyEntry] = [:]
  var nodes: [ObjectKey: Node] = [:]
  var pools: [ObjectKey: LoadBalancerIPPool] = [:]
  /// By the Service that the slices name, which may be in another source or not there at all.
  var endpoints: [ObjectName: [ObjectKey: SliceNodes]] = [:]
  /// Under which Service a slice is kept.
  var servicesOfSlices: [ObjectKey: ObjectName] = [:]
  /// One copy of every node's name that an endpoint has.
  var nodeNames: Set<String> = []

  /// Of each kind the files that may have objects of it and are not understood.
  var unread: [ClusterObject.Kind: [String]] = [:]
  /// There has been a policy, an API server that has the kind, an object that describes this node. What was there once
  /// and is not now is missing, not absent.
  var hasHadPolicies = false
  var hasHadPolicyKind = false
  var hasHadOwnNode = false
  /// This node as the API server described it last; nil where it never did.
  var lastOwnNode: Node?
  /// Why Services that no policy selects are not announced.
  var reasonWithoutPolicy = ServiceReason.noPolicySelects

  var standing: NodeStanding
  /// For each policy the nodes that can take over, while this one is leaving; nil while it stays.
  var successors: [ObjectKey: Set<String>]?
  /// For each policy whether any node may announce what it wants.
  var reach: [ObjectKey: PolicyReach] = [:]

  /// Counts the changes of the outcome: what was read at one revision holds as long as it does.
  package internal(set) var revision: UInt64 = 0

  struct ServiceEntry: Sendable {
    var service: Service
    /// The policies whose selector holds for it, in order.
    var matched: [ObjectKey]
    var decision: ServiceDecision
  }

  struct PolicyEntry: Sendable {
    /// As it is written now.
    var written: L2AnnouncementPolicy
    /// As it last was without faults; nil where it never was.
    var inForce: CheckedPolicy?
    var faults: [PolicyFault: String]
    var selectsThisNode: Bool
  }

  /// Where the default policy is kept: no policy has an empty name.
  static let defaultPolicyKey = ObjectKey(ObjectName("", ""), .manifests)

  package init(_ settings: SelectionSettings) {
    self.settings = settings
    standing = NodeStanding(nil, name: settings.node, mustExist: settings.knowsAllNodes)
    settleDefaultPolicy()
  }

  /// The same objects under other settings, faulty policies still as they last were.
  package init(_ settings: SelectionSettings, objectsOf other: Selection) {
    self.init(settings, copying: other)
    revision = other.revision + 1
  }

  private init(_ settings: SelectionSettings, copying other: Selection) {
    self.settings = settings
    services = other.services
    policies = other.policies
    policies[Self.defaultPolicyKey] = nil
    nodes = other.nodes
    pools = other.pools
    endpoints = other.endpoints
    servicesOfSlices = other.servicesOfSlices
    nodeNames = other.nodeNames
    unread = other.unread
    hasHadPolicies = other.hasHadPolicies
    hasHadPolicyKind = other.hasHadPolicyKind
    hasHadOwnNode = other.hasHadOwnNode
    lastOwnNode = other.lastOwnNode
    standing = other.standing
    settleDefaultPolicy()
    settleNodes()
    for key in Array(services.keys) {
      guard let entry = services[key] else { continue }
      let matched = policiesMatching(entry.service)
      services[key]?.matched = matched
      decide(key)
    }
  }

  /// Takes over an object that is new or has changed.
  package mutating func update(_ object: ClusterObject, from source: ObjectSource) {
    let key = ObjectKey(object.name, source)
    switch object {
    case .service(let service): update(service, key)
    case .endpointSlice(let slice): update(slice, key)
    case .node(let node): update(node, key)
    case .policy(let policy): update(policy, key)
    case .pool(var pool):
      pool.forgetStatus()
      if pools.updateValue(pool, forKey: key) != pool { revision += 1 }
    }
  }

  /// Lets go of an object that is gone; one that was never there does not matter.
  package mutating func remove(
    _ kind: ClusterObject.Kind, _ name: ObjectName, from source: ObjectSource
  ) {
    let key = ObjectKey(name, source)
    switch kind {
    case .service:
      if let entry = services.removeValue(forKey: key), !entry.decision.isEmpty { revision += 1 }
    case .endpointSlice: removeSlice(key)
    case .node: update(nil as Node?, key)
    case .policy: removePolicy(key)
    case .pool:
      if pools.removeValue(forKey: key) != nil { revision += 1 }
    }
  }

  /// Makes the objects of a kind exactly these: after a list, or a fresh look at files.
  package mutating func replace(
    _ kind: ClusterObject.Kind, with objects: [ClusterObject], from source: ObjectSource
  ) {
    let names = Set(objects.lazy.filter { $0.kind == kind }.map(\.name))
    let gone = keys(of: kind).filter { $0.source == source && !names.contains($0.name) }
    for key in gone { remove(kind, key.name, from: source) }
    for object in objects where object.kind == kind { update(object, from: source) }
  }

  /// Takes over which files may have objects and are not understood.
  package mutating func setUnread(_ unread: [ClusterObject.Kind: [String]]) {
    guard unread != self.unread else { return }
    self.unread = unread
    revision += 1
    settleDefaultPolicy()
    settleNodes()
    // Successors and endpoints hang on it as well.
    for key in Array(services.keys) { decide(key) }
  }

  /// The pools that there are.
  package var loadBalancerPools: some Sequence<LoadBalancerIPPool> { pools.values }

  private func keys(of kind: ClusterObject.Kind) -> [ObjectKey] {
    switch kind {
    case .service: Array(services.keys)
    case .endpointSlice: Array(servicesOfSlices.keys)
    case .node: Array(nodes.keys)
    case .policy: policies.keys.filter { $0 != Self.defaultPolicyKey }
    case .pool: Array(pools.keys)
    }
  }
}
