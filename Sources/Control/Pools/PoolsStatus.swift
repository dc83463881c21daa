/// What `announcer pools --output json` prints: who gives addresses to Services, from which pools, and who
/// goes without.
///
/// The names and meanings are an interface that people script against. A field may be added; none
/// changes or goes.
package struct PoolsStatus: FieldValue {
  /// The daemon's version.
  @Field package var version: String
  /// The node that was asked.
  @Field package var node: String
  /// What this node has to do with it.
  @Field package var state: State
  /// The node that gives addresses; nil where nobody does, and where it is not known who.
  @Field package var holder: String?
  /// Why this node cannot give any though it should.
  @Field package var error: String?
  /// By name.
  @Field package var pools: [PoolStatus]
  @Field package var services: PoolServices
  /// By namespace and name: the Services that lack an address that they ask for.
  @Field package var unsatisfied: [UnsatisfiedService]
  /// What somebody else does to the addresses of Services, a line each.
  @Field package var foreign: [String]
  /// Sentences for people, the most important first.
  @Field package var warnings: [String]

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// `kubernetes.addressPools` is off.
    package static let off = State(rawValue: "off")
    package static let giving = State(rawValue: "giving")
    /// Another node gives, and this one would take over.
    package static let standby = State(rawValue: "standby")
    /// Nobody gives.
    package static let waiting = State(rawValue: "waiting")
    /// This node should and cannot: see `error`.
    package static let blocked = State(rawValue: "blocked")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    version: String, node: String, state: State, holder: String? = nil, error: String? = nil,
    pools: [PoolStatus] = [], services: PoolServices = .absent,
    unsatisfied: [UnsatisfiedService] = [], foreign: [String] = [], warnings: [String] = []
  ) {
    self.version = version
    self.node = node
    self.state = state
    self.holder = holder
    self.error = error
    self.pools = pools
    self.services = services
    self.unsatisfied = unsatisfied
    self.foreign = foreign
    self.warnings = warnings
  }

  package static var absent: Self { Self(version: "", node: "", state: .absent) }

  /// The same with these pools alone, in this order.
  package func restricted(to names: [String]) -> PoolsStatus {
    var status = self
    status.pools = names.compactMap { name in pools.first { $0.name == name } }
    return status
  }

  /// What to tell somebody who asks for pools that are not there; nil where all of them are.
  package func fault(asking names: [String]) -> String? {
    let known = pools.map(\.name)
    let unknown = names.filter { !known.contains($0) }
    guard !unknown.isEmpty else { return nil }
    let asked = unknown.map { "'\(printable($0))'" }.joined(separator: ", ")
    guard !known.isEmpty else { return "there is no pool \(asked): the cluster has none" }
    let rest =
      known.count > Self.namedInFaults ? " and \(known.count - Self.namedInFaults) more" : ""
    let named = known.prefix(Self.namedInFaults).map(printable).joined(separator: ", ")
    return "there is no pool \(asked); there \(known.count == 1 ? "is" : "are") \(named)\(rest)"
  }

  /// More names than this help nobody to find a slip.
  private static let namedInFaults = 20
}
