internal import AddressPools
internal import Control
internal import Metrics

extension PoolFacts {
  /// The series of the pools and of the Services that get addresses from them.
  func series(isGiving: Bool) -> [MetricSeries] {
    let states: [PoolStatus.State] = [.active, .disabled, .conflict, .invalid]
    var reasons = Dictionary(
      uniqueKeysWithValues: AllocationReason.allCases.map { ($0.rawValue, 0) })
    reasons[AllocationReason.satisfied.rawValue] = services.count(where: \.isSatisfied)
    reasons.merge(unsatisfied) { $1 }
    return [
      MetricSeries(AnnouncerMetrics.poolsGiving, isGiving ? 1 : 0),
      MetricSeries(
        AnnouncerMetrics.poolAddresses,
        pools.flatMap { pool in
          [
            MetricSample(Double(pool.used), pool.name, "used"),
            MetricSample(Double(pool.available), pool.name, "available"),
          ]
        }),
      MetricSeries(
        AnnouncerMetrics.poolState,
        pools.flatMap { pool in
          states.map { MetricSample($0 == pool.state ? 1 : 0, pool.name, $0.rawValue) }
        }),
      MetricSeries(
        AnnouncerMetrics.poolServices,
        reasons.sorted { $0.key < $1.key }.map { MetricSample(Double($0.value), $0.key) }),
    ]
  }
}
