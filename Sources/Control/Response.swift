/// What the daemon answers: one JSON document, then the connection ends.
package struct Response: Codable, Hashable, Sendable {
  /// The daemon's version.
  package var version: String
  /// Why there is no answer, for people; nil where there is one.
  package var error: String?
  package var status: Status?
  package var explanation: Explanation?
  package var handover: Handover?
  package var cluster: ClusterStatus?
  package var pools: PoolsStatus?
  package var comparison: Comparison?

  package init(
    version: String, error: String? = nil, status: Status? = nil, explanation: Explanation? = nil,
    handover: Handover? = nil, cluster: ClusterStatus? = nil, pools: PoolsStatus? = nil,
    comparison: Comparison? = nil
  ) {
    self.version = version
    self.error = error
    self.status = status
    self.explanation = explanation
    self.handover = handover
    self.cluster = cluster
    self.pools = pools
    self.comparison = comparison
  }
}
