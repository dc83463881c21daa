internal import Announcer
internal import Cluster
internal import Configuration
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
    var isManifestNews = false

    /// Decides everything anew, where anything has changed.
    mutating func adopt(_ settings: SelectionSettings) {
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

  init(_ configuration: Configuration) {
    (signals, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    var awaited: Set<Origin> = []
    if !configuration.manifests.isEmpty { awaited.insert(.manifests) }
    if configuration.kubernetes?.announcesServices ?? false {
      awaited.formUnion(ClusterObject.Kind.allCases.map(Origin.kind))
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
      var settings = SelectionSettings(configuration)
      settings.hasPolicyKind = state.selection.settings.hasPolicyKind
      settings.knowsAllNodes = state.selection.settings.knowsAllNodes
      if configuration.manifests.isEmpty { state.awaited.remove(.manifests) }
      state.adopt(settings)
    }
  }

  /// Takes over what a look at the files found.
  func take(_ snapshot: ManifestSnapshot) {
    change { state in
      let byKind = Dictionary(grouping: snapshot.objects, by: \.kind)
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

  // MARK: What comes of it

  /// What is to be announced now; nil where that has not changed, or is not known yet.
  func takeOutcome() -> ClusterOutcome? {
    state.withLock { state in
      let selection = state.selection
      guard state.awaited.isEmpty else { return nil }
      guard state.taken != selection.revision || state.isManifestNews else { return nil }
      state.taken = selection.revision
      state.isManifestNews = false
      return ClusterOutcome(
        wishes: selection.wishes,
        notes: state.manifestErrors + selection.policyNotes + state.manifestNotes)
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

  /// How many objects of each kind the files have.
  var manifestObjects: [ClusterObject.Kind: Int] { state.withLock { $0.manifestObjects } }

  /// What has said nothing yet.
  var awaited: Set<Origin> { state.withLock { $0.awaited } }
}

extension SelectionSettings {
  /// As long as nobody has said what the API server has, it has policies: who does not know whether
  /// there are any does not announce by default.
  init(_ configuration: Configuration) {
    let kubernetes = configuration.kubernetes
    let isWatching = kubernetes?.announcesServices ?? false
    self.init(
      node: configuration.node, loadBalancerClasses: Set(kubernetes?.loadBalancerClasses ?? []),
      interfaces: configuration.interfaces,
      defaultPolicy: L2AnnouncementPolicy(
        "", externalIPs: !isWatching, loadBalancerIPs: true),
      hasPolicyKind: isWatching)
  }
}
