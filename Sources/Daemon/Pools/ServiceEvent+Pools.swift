internal import AddressPools
internal import Cluster
internal import Wire

extension ServiceEvent {
  /// What people who look at a Service should hear of what was written into its status.
  static func about(_ writing: ServiceWriting) -> [ServiceEvent] {
    let change = writing.change
    func event(_ reason: Reason, _ address: IPAddress?, _ message: String) -> ServiceEvent {
      ServiceEvent(
        writing.service, uid: writing.uid, address: address, reason: reason, message: message)
    }
    var events: [ServiceEvent] = []
    if let first = change.lost.first {
      events.append(event(.taken, first, change.released.text))
    }
    if let first = change.gained.first {
      // Where all is well, a message is what else should be known.
      let note = change.reason == .satisfied && !change.message.isEmpty ? "; \(change.message)" : ""
      events.append(
        event(.given, first, "\(change.gained.texts) given from the address pools\(note)"))
    }
    if let reason = change.reason, reason != .satisfied {
      events.append(event(.notGiven, nil, "\(change.message) (\(reason.rawValue))"))
    }
    return events
  }
}

extension [IPAddress] {
  /// `10.80.8.150, 2001:db8::10`.
  var texts: String { map(\.description).joined(separator: ", ") }
}
