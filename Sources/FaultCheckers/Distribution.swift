/// What a handful of measured times amount to.
package struct Distribution: Sendable {
  private let sorted: [Duration]

  package init(_ values: [Duration]) {
    sorted = values.sorted()
  }

  package var count: Int { sorted.count }
  package var maximum: Duration? { sorted.last }

  package var mean: Duration? {
    sorted.isEmpty ? nil : sorted.reduce(.zero, +) / sorted.count
  }

  /// How far the mean of so many values is from the true one, as a rule; nil for fewer than two.
  package var standardError: Duration? {
    guard let mean, sorted.count > 1 else { return nil }
    let squares = sorted.reduce(0.0) {
      $0 + (($1 - mean) / .seconds(1)) * (($1 - mean) / .seconds(1))
    }
    let variance = squares / Double(sorted.count - 1)
    return .seconds((variance / Double(sorted.count)).squareRoot())
  }

  /// The smallest value that at least `percent` in a hundred do not exceed (nearest rank): always a
  /// value that was measured. With fewer than a hundred values the 99th is the greatest.
  package func percentile(_ percent: Int) -> Duration? {
    guard !sorted.isEmpty else { return nil }
    let rank = (sorted.count * percent + 99) / 100
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }
}
