extension Duration {
  /// Whole nanoseconds, clamped to what 64 bits hold (± 292 years).
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, carry) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    if carry { return seconds < 0 ? .min : .max }
    return sum
  }

  /// Milliseconds with fraction, for people and for JSON.
  package var milliseconds: Double { Double(nanoseconds) / 1e6 }
}
