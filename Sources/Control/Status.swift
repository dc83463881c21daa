/// What `announcer status --output json` prints: the daemon's state at one moment.
///
/// The names and meanings are an interface that people script against. A field may be added; none
/// changes or goes.
package struct Status: Codable, Hashable, Sendable {
  /// The daemon's version.
  @Field package var version: String
  @Field package var node: String
  /// The session's random id; empty before there is one.
  @Field package var session: String
  @Field package var startedAt: WallTime
  /// Whether the first dump of links is in and the responder is armed.
  @Field package var ready: Bool
  /// Whether the node has been told to hand everything over and not to compete.
  @Field package var drained: Bool
  @Field package var configuration: ConfigurationStatus
  @Field package var lease: LeaseStatus
  /// Where wishes come from beside the configuration file.
  @Field package var sources: [SourceStatus]
  /// By name.
  @Field package var interfaces: [InterfaceStatus]
  /// In address order.
  @Field package var addresses: [AddressStatus]
  /// The Services that want to be announced and are not.
  @Field package var services: ServicesStatus
  /// Frames that got no answer, by reason, since the start.
  @Field package var ignored: [String: UInt64]
  /// Whether what is announced is answered, as found by asking.
  @Field package var selfCheck: SelfCheckStatus
  /// Sentences for people, the most important first.
  @Field package var warnings: [String]

  package init(
    version: String, node: String, session: String, startedAt: WallTime, ready: Bool,
    drained: Bool = false, configuration: ConfigurationStatus, lease: LeaseStatus,
    sources: [SourceStatus] = [], interfaces: [InterfaceStatus] = [],
    addresses: [AddressStatus] = [], services: ServicesStatus = .absent,
    ignored: [String: UInt64] = [:], selfCheck: SelfCheckStatus = .absent,
    warnings: [String] = []
  ) {
    self.version = version
    self.node = node
    self.session = session
    self.startedAt = startedAt
    self.ready = ready
    self.drained = drained
    self.configuration = configuration
    self.lease = lease
    self.sources = sources
    self.interfaces = interfaces
    self.addresses = addresses
    self.services = services
    self.ignored = ignored
    self.selfCheck = selfCheck
    self.warnings = warnings
  }
}
