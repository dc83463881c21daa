package import Announcer

/// What one Service has to do with an address, for `explain`.
package struct ServiceExplanation: Hashable, Sendable {
  package var service: ObjectKey
  /// The file and line it was read from; nil where it came from the API server.
  package var place: String?
  /// The policies that want the address; empty where none does.
  package var policies: [String]
  /// Why this node may not announce it for this Service; nil where it may, or nobody shall.
  package var obstacle: BlockReason?
  /// Why the Service asks for nothing, or for less than it has.
  package var reasons: [ServiceReason]
}

extension ServiceExplanation: CustomStringConvertible {
  /// One line: `service default/web: no policy selects it`.
  package var description: String {
    var text = "service \(service.name)"
    if let place { text += ", \(place)" }
    if !policies.isEmpty {
      let word = policies.count == 1 ? "policy" : "policies"
      text += ": wanted by \(word) \(policies.joined(separator: ", "))"
      if let obstacle { text += "; \(obstacle)" }
    }
    for (number, reason) in reasons.enumerated() {
      text += policies.isEmpty && number == 0 ? ": \(reason)" : "; \(reason)"
    }
    return text
  }
}
