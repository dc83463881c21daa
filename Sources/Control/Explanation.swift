/// What `announcer explain ADDRESS` prints: why an address is, or is not, announced by this node.
package struct Explanation: FieldValue {
  /// The daemon's version.
  @Field package var version: String
  /// The node that explains.
  @Field package var node: String
  /// What is known of the address; nil where nobody asked for it here.
  @Field package var address: AddressStatus?
  /// The address asked about, in canonical form, or the name of a Service: `default/web`.
  @Field package var asked: String
  /// Every interface of the node that was considered, and how it fared.
  @Field package var links: [LinkVerdict]
  /// Whether Services have the address, or something could not be read: why nobody asks for it is in `notes`.
  @Field package var isMentioned: Bool
  /// The Services of the name that was asked about; nil where an address was.
  @Field package var services: [ServiceStatus]?
  /// Further facts, each a sentence without its full stop.
  @Field package var notes: [String]

  /// How one interface fares for the address.
  package struct LinkVerdict: FieldValue {
    @Field package var name: String
    @Field package var verdict: Verdict
    /// Why; nil where nothing stands in the way.
    @Field package var reason: String?
    /// The patterns that match the name.
    @Field package var matchedBy: [String]

    package init(
      name: String, verdict: Verdict, reason: String? = nil, matchedBy: [String] = []
    ) {
      self.name = name
      self.verdict = verdict
      self.reason = reason
      self.matchedBy = matchedBy
    }

    package static var absent: Self { Self(name: "", verdict: .absent) }
  }

  /// A word of the interface; other versions may have others.
  package struct Verdict: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Announced and answered for here.
    package static let announcing = Verdict(rawValue: "announcing")
    /// It would serve if this node held the address.
    package static let eligible = Verdict(rawValue: "eligible")
    /// It cannot serve now: no carrier, no hardware address yet.
    package static let down = Verdict(rawValue: "down")
    /// It never serves: no pattern matches, a port of a bridge, a kind that is passed over.
    package static let skipped = Verdict(rawValue: "skipped")
    package static var absent: Verdict { Verdict(rawValue: "unknown") }
  }

  package init(
    version: String, node: String, asked: String, address: AddressStatus? = nil,
    links: [LinkVerdict] = [], isMentioned: Bool = false, services: [ServiceStatus]? = nil,
    notes: [String] = []
  ) {
    self.version = version
    self.node = node
    self.asked = asked
    self.address = address
    self.links = links
    self.isMentioned = isMentioned
    self.services = services
    self.notes = notes
  }

  package static var absent: Self { Self(version: "", node: "", asked: "") }
}
