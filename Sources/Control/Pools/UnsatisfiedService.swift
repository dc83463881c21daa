/// A Service that lacks an address that it asks for.
package struct UnsatisfiedService: FieldValue {
  /// `namespace/name`.
  @Field package var service: String
  /// As in its condition `cilium.io/IPAMRequestSatisfied`.
  @Field package var reason: String
  /// For people, a sentence without its full stop.
  @Field package var message: String

  package init(service: String, reason: String, message: String) {
    self.service = service
    self.reason = reason
    self.message = message
  }

  package static var absent: Self { Self(service: "", reason: "", message: "") }
}
