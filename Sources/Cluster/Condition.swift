/// One condition in the status of an object (`metav1.Condition`), as it is written.
///
/// All of it is kept, because a list of conditions is written as a whole: what others said must come out
/// as it went in.
package struct Condition: Hashable, Sendable {
  package var type: String
  /// `True`, `False` or `Unknown`.
  package var status: String
  package var observedGeneration: Int64?
  /// When `status` changed last, as written (RFC 3339); nil where that is yet to be filled in.
  package var lastTransitionTime: String?
  package var reason: String
  package var message: String

  package init(
    type: String, status: String, observedGeneration: Int64? = nil,
    lastTransitionTime: String? = nil, reason: String = "", message: String = ""
  ) {
    self.type = type
    self.status = status
    self.observedGeneration = observedGeneration
    self.lastTransitionTime = lastTransitionTime
    self.reason = reason
    self.message = message
  }

  /// Whether a Service has the addresses it asks for. The name is the one people's tools know from Cilium.
  package static let requestSatisfied = "cilium.io/IPAMRequestSatisfied"
}
