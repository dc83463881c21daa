internal import Announcer
internal import Cluster
internal import Configuration
internal import HostAudit
internal import Kubernetes
internal import LinuxSystem
internal import Manifests
internal import Synchronization
internal import Wire

/// The cluster's objects as this node knows them, from files and from the API server, and what they ask
/// for.
///
/// Sources tell it of every change from tasks of their own; whoever listens to `signals` takes the
/// outcome, once for however many changes there were. Questions are answered at any time.
final class ClusterModel: Sendable {
  private struct State {
    var selection: Selection
    /// The revision of which the outcome was taken; nil before the first.
    var taken: UInt64?
    /// What has not told all it has yet: what would be decided without it could be wrong.
    var awaited: Set<Origin>
    /// By file, as the last look found them.
    var manifestErrors: [String] = []
    var manifestNotes: [String] = []
    var manifestObjects: [ClusterObject.Kind: Int] = [:]
    /// What may be there and is not understood, from each source.
    var unread: [ObjectSource: [ClusterObject.Kind: [String]]] = [:] {
      didSet {
        selection.setUnread(
          unread.values.reduce(into: [:]) { $0.merge($1) { ($0 + $1).sorted() } })
      }
    }
    var isManifestNews = false
    /// What keeps the watch of a kind from being in step.
    var troubles: [ClusterObject.Kind: String] = [:]
    /// The nodes with a live session, without this one.
    var otherNodes: [String] = []

    /// Decides everything anew, where anything has changed.
    mutating func adopt(_ change: (inout SelectionSettings) -> Void) {
      var settings = selection.settings
      change(&settings)
      guard settings != selection.settings else { return }
      selection = Selection(settings, objectsOf: selection)
    }
  }

  /// Something whose first word is waited for.
  enum Origin: Hashable {
    case manifests
    case kind(ClusterObject.Kind)
  }

  private let state: Mutex<State>
  private let wake: AsyncStream<Void>.Continuation
  /// Yields when an outcome may be there to take. For one reader.
  let signals: AsyncStream<Void>
  private let wakePolicies: AsyncStream<Void>.Continuation
  /// Yields when the status of policies may need writing. For one reader.
  let policySignals: AsyncStream<Void>

  init(_ configuration: Configuration) {
    (signals, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (policySignals, wakePolicies) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    var awaited: Set<Origin> = []
    if !configuration.manifests.isEmpty { awaited.insert(.manifests) }
    if configuration.kubernetes?.announcesServices ?? false {
      // Pools give addresses; what is announced does not depend on them.
      awaited.formUnion(ClusterObject.Kind.allCases.filter { $0 != .pool }.map(Origin.kind))
    }
    state = Mutex(
      State(selection: Selection(SelectionSettings(configuration)), awaited: awaited))
  }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { body(&$0) }
    wake.yield()
  }

  // MARK: What is told

  /// Takes over a configuration that was read again.
  func settle(_ configuration: Configuration) {
    change { state in
      if configuration.manifests.isEmpty { state.awaited.remove(.manifests) }
      state.adopt { settings in
        let (hasPolicyKind, knowsAllNodes) = (settings.hasPolicyKind, settings.knowsAllNodes)
        settings = SelectionSettings(configuration)
        settings.hasPolicyKind = hasPolicyKind
        settings.knowsAllNodes = knowsAllNodes
      }
    }
  }

  /// Takes over what a look at the files found.
  func take(_ snapshot: ManifestSnapshot) {
    change { state in
      let byKind = Dictionary(grouping: snapshot.objects, by: \.kind)
      // First what is not known: nothing is announced for a moment because of it.
      state.unread[.manifests] = snapshot.unread
      for kind in ClusterObject.Kind.allCases {
        state.selection.replace(kind, with: byKind[kind] ?? [], from: .manifests)
      }
      state.manifestObjects = byKind.mapValues(\.count)
      state.manifestErrors = snapshot.errors.map(\.description)
      state.manifestNotes = snapshot.notes.map(\.description)
      state.isManifestNews = true
      state.awaited.remove(.manifests)
    }
  }

  /// Takes over what the API server tells.
  func take(_ news: ClusterNews) {
    change { state in
      switch news {
      case .replaced(let kind, let objects, _, _):
        state.selection.replace(kind, with: objects, from: .kubernetes)
        state.awaited.remove(.kind(kind))
        // Only now: between the word that there are policies and the policies themselves nothing would
        // be announced.
        if kind == .policy { state.adopt { $0.hasPolicyKind = true } }
        if kind == .node { state.adopt { $0.knowsAllNodes = true } }
      case .changed(let object): state.selection.update(object, from: .kubernetes)
      case .deleted(let kind, let name, _):
        state.selection.remove(kind, name, from: .kubernetes)
      case .kind(let kind, let isInstalled):
        guard !isInstalled else { break }
        state.selection.replace(kind, with: [], from: .kubernetes)
        if kind == .policy { state.adopt { $0.hasPolicyKind = false } }
        state.awaited.remove(.kind(kind))
      case .unread(let kind, let names):
        state.unread[.kubernetes, default: [:]][kind] = names.isEmpty ? nil : names
      case .trouble(let kind, let text): state.troubles[kind] = text
      case .quiet: break
      }
    }
    wakePolicies.yield()
  }

  /// Goes on without kinds that cannot be read while others can: a right that is missing for Nodes
  /// must not silence everything. Without Services and policies there is nothing to go on with.
  func waitNoLongerThanUseful() async {
    while !Task.isCancelled, !awaited.isEmpty {
      try? await Task.sleep(for: Self.patience)
      change { state in
        guard !state.awaited.contains(.kind(.service)), !state.awaited.contains(.kind(.policy))
        else { return }
        for kind in state.troubles.keys { state.awaited.remove(.kind(kind)) }
      }
    }
  }

  private static let patience = Duration.seconds(10)

  /// Takes over which nodes are there beside this one.
  func setOtherNodes(_ names: [String]) { state.withLock { $0.otherNodes = names } }

  // MARK: What comes of it

  /// The conditions that policies lack.
  var pendingConditions: [(policy: String, conditions: [PolicyCondition])] {
    state.withLock { $0.selection.pendingConditions }
  }

  /// How many of the other nodes come before this one by name.
  var nodesBefore: Int {
    state.withLock { state in
      state.otherNodes.count { $0 < state.selection.settings.node }
    }
  }

  /// What is wrong with the watches, each thing once.
  var troubles: [String] { state.withLock { Set($0.troubles.values).sorted() } }

  /// What is to be announced now; nil where that has not changed, or is not known yet.
  func takeOutcome() -> ClusterOutcome? {
    state.withLock { state in
      let selection = state.selection
      guard state.awaited.isEmpty else { return nil }
      guard state.taken != selection.revision || state.isManifestNews else { return nil }
      state.taken = selection.revision
      state.isManifestNews = false
      let faults = state.manifestErrors + selection.policyNotes
      let nodeNote = selection.nodeNote
      return ClusterOutcome(
        wishes: selection.wishes,
        notes: [nodeNote].compactMap(\.self) + faults + state.manifestNotes,
        nodes: selection.nodeAddresses, nodeNote: nodeNote, faults: faults)
    }
  }

  /// Warnings about the objects as they are now. Looks at every address: worth a call a second at most.
  func warnings() -> [String] {
    let selection = state.withLock { $0.selection }
    return selection.warnings.map(\.description)
  }

  /// What each Service has to do with an address.
  func explanations(of address: IPAddress) -> [ServiceExplanation] {
    state.withLock { $0.selection.explanations(of: address) }
  }

  /// The Services that are not announced, counted, and the first of them.
  func unannounced(first limit: Int) -> UnannouncedServices {
    state.withLock { $0.selection.unannounced(first: limit) }
  }

  /// All Services that are not announced. Looks at every Service: worth a call a second at most.
  var unannounced: [UnannouncedService] {
    let selection = state.withLock { $0.selection }
    return selection.unannounced
  }

  /// What the Services of a name ask for.
  func standings(ofService name: ObjectName) -> [ServiceStanding] {
    state.withLock { $0.selection.standings(ofService: name) }
  }

  /// The policies that have a pattern, in words.
  func policies(withPattern pattern: InterfacePattern) -> [String] {
    state.withLock { $0.selection.policies(withPattern: pattern) }
  }

  /// Every pool of addresses, as the audit looks at it.
  func announcedPools(isGivenHere: Bool) -> [AnnouncedPool] {
    state.withLock { $0.selection.announcedPools(isGivenHere: isGivenHere) }
  }

  /// The `uid` of a Service that is there.
  func uid(of service: ObjectKey) -> String? {
    state.withLock { $0.selection.uid(ofService: service) }
  }

  /// How many objects of each kind the files have.
  var manifestObjects: [ClusterObject.Kind: Int] { state.withLock { $0.manifestObjects } }

  /// What is not known yet and may have to be announced, a line each.
  var unknowns: [String] {
    state.withLock { state in
      state.awaited.map { origin in
        switch origin {
        case .manifests: "the files of `manifests` have not been read yet"
        case .kind(let kind):
          "the \(kind.rawValue) objects of the cluster have not been read yet"
            + (state.troubles[kind].map { ": \($0)" } ?? "")
        }
      }.sorted()
    }
  }

  /// What has said nothing yet.
  var awaited: Set<Origin> { state.withLock { $0.awaited } }
}

extension SelectionSettings {
  /// As long as the API server has not said whether it has policies, nothing is announced by default.
  init(_ configuration: Configuration) {
    let kubernetes = configuration.kubernetes
    let isWatching = kubernetes?.announcesServices ?? false
    self.init(
      node: configuration.node, loadBalancerClasses: Set(kubernetes?.loadBalancerClasses ?? []),
      interfaces: configuration.interfaces,
      defaultPolicy: configuration.defaultPolicy == DefaultPolicy.none
        ? nil : L2AnnouncementPolicy("", externalIPs: !isWatching, loadBalancerIPs: true),
      isDefaultPolicyExplicit: configuration.defaultPolicy == .all,
      hasPolicyKind: isWatching ? nil : false)
  }
}
