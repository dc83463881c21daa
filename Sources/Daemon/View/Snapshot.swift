internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// What the coordinator knows at one moment. Whatever people are told of it is a function of this value.
struct Snapshot: Sendable {
  let at: Instant
  /// The same moment, as people tell the time.
  let wallTime: WallTime
  let version: String
  let startedAt: WallTime
  let loaded: LoadedConfiguration
  let isDrained: Bool
  /// Whether everything was gone over once, from the links to what is announced.
  let isSettled: Bool
  let links: [Link]
  let reconciler: Reconciler
  let assignments: Assignments
  let clusterOutcome: ClusterOutcome
  let history: AddressHistory
  let selfChecking: SelfChecking
  /// While another session has this node's name.
  let takenName: TakenName?
  let warnings: WarningBoard

  var configuration: Configuration { loaded.configuration }
  var view: LeaseView { reconciler.view }

  /// What people call the link.
  func name(of interfaceIndex: Int32) -> String { links.name(of: interfaceIndex) }

  /// The session's id; empty where there is none.
  var session: String {
    if case .open(let id) = view.session { "\(id)" } else { "" }
  }

  /// That another session has this node's name; nil where none has.
  var nameTaken: String? { takenName?.words(node: configuration.node, at: at) }

  /// Conflicts about what is announced here, or would be if nobody had it, by address.
  func contestedAddresses(since instant: Instant) -> [IPAddress: ConflictDefence.Record] {
    let armed = reconciler.defence.records(since: instant).filter { history.isArmed($0.key) }
    return armed.merging(reconciler.occupants) { armed, _ in armed }
  }
}

/// What the parts around the coordinator say at the moment of a snapshot.
struct Surroundings: Sendable {
  /// Where the lease store is.
  var place = ""
  var sources: [SourceStatus] = []
  /// What the cluster's objects do not tell yet, and keeps this node from being ready.
  var unknowns: [String] = []
  /// Frames that were not answered, by reason.
  var ignored: [String: UInt64] = [:]
  var refusedByGate: UInt64 = 0
  /// Frames that the kernel dropped because a socket was full.
  var socketDrops: UInt64 = 0
  /// Lines of the log that were dropped.
  var logDrops: UInt64 = 0
  /// What else people should know: of the API server first, of the log last.
  var serverWarnings: [String] = []
  var selectionNotes: [String] = []
  var logWarnings: [String] = []
}

extension [Link] {
  /// What people call the link.
  func name(of interfaceIndex: Int32) -> String {
    first { $0.id.index == interfaceIndex }?.name ?? "interface \(interfaceIndex)"
  }
}
