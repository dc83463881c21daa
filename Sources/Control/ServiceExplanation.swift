/// What `announcer explain` says of one Service.
package struct ServiceStatus: FieldValue {
  /// `default/web`.
  @Field package var service: String
  /// Where it was read: a file and line, or `the API server`.
  @Field package var place: String
  /// Whether it is one that is announced: of type LoadBalancer, or with external addresses.
  @Field package var wantsAnnouncing: Bool
  /// What is announced of it, by whatever node.
  @Field package var addresses: [AddressStatus]
  /// Why nothing is, or less than it has.
  @Field package var reasons: [String]

  package init(
    service: String, place: String, wantsAnnouncing: Bool, addresses: [AddressStatus] = [],
    reasons: [String] = []
  ) {
    self.service = service
    self.place = place
    self.wantsAnnouncing = wantsAnnouncing
    self.addresses = addresses
    self.reasons = reasons
  }

  package static var absent: Self { Self(service: "", place: "", wantsAnnouncing: false) }
}

extension ServiceStatus {
  /// For people: a sentence, and a line for every address.
  var lines: [(indent: Int, text: String, tone: TerminalStyle.Tone?)] {
    let name = "Service \(service) (\(place))"
    let why = reasons.joined(separator: "; ")
    guard !addresses.isEmpty else {
      guard wantsAnnouncing else {
        return [
          (
            0, "\(name) asks for nothing: it is not of type LoadBalancer and has no externalIPs.",
            nil
          ),
          (0, "Of what it has: \(why).", nil),
        ].prefix(why.isEmpty ? 1 : 2).map(\.self)
      }
      return [(0, "\(name) is not announced: \(why).", .bad)]
    }
    var lines: [(indent: Int, text: String, tone: TerminalStyle.Tone?)] = [
      (0, "\(name) is wanted:", nil)
    ]
    for entry in addresses {
      var text = "\(entry.address) \(entry.state.rawValue)"
      if !entry.interfaces.isEmpty { text += " on \(entry.interfaces.joined(separator: ", "))" }
      if entry.state == .standby, let holder = entry.holder { text += ", held by \(holder)" }
      if let reason = entry.reason { text += ": \(reason)" }
      lines.append((2, text, StatusText.tone(of: entry.state)))
    }
    if !why.isEmpty { lines.append((0, "Not all it has: \(why).", .caution)) }
    return lines
  }
}
