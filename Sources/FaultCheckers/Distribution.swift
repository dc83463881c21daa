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

  /// The smallest value that at least `percent` in a hundred do not exceed (nearest rank): always a
  /// value that was measured. With fewer than a hundred values the 99th is the greatest.
  package func percentile(_ percent: Int) -> Duration? {
    guard !sorted.isEmpty else { return nil }
    let rank = (sorted.count * percent + 99) / 100
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }
}
