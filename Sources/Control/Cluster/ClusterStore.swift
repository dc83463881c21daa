/// Where the facts about the cluster are from, and how fresh they are.
package struct ClusterStore: FieldValue {
  /// `local`, `etcd`, `kubernetes`.
  @Field package var backend: String
  /// A URL, a directory.
  @Field package var endpoint: String?
  /// Whether the store answered the question; otherwise everything is as it was last known.
  @Field package var reachable: Bool
  /// How long ago everything was so; 0 where the store answered. Nil where it never has.
  @Field package var ageMs: Int?
  /// How long the store took to answer.
  @Field package var answeredInMs: Double?
  /// Why it did not answer.
  @Field package var error: String?

  package init(
    backend: String, endpoint: String? = nil, reachable: Bool, ageMs: Int? = nil,
    answeredInMs: Double? = nil, error: String? = nil
  ) {
    self.backend = backend
    self.endpoint = endpoint
    self.reachable = reachable
    self.ageMs = ageMs
    self.answeredInMs = answeredInMs
    self.error = error
  }

  package static var absent: Self { Self(backend: "", reachable: false) }
}
