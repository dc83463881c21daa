/// Metrics as the text that a scraper reads.
///
/// Source: Prometheus text format 0.0.4; OpenMetrics 1.0.
package enum MetricText: Hashable, Sendable {
  case prometheus
  case openMetrics

  /// What to write for an `Accept` header: OpenMetrics for those who ask for it.
  package init(accept: String) {
    self = accept.contains("application/openmetrics-text") ? .openMetrics : .prometheus
  }

  package var contentType: String {
    switch self {
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// The whole text. A family without series is left out.
  package func render(_ metrics: [MetricSeries]) -> String {
    var text = ""
    // With thousands of addresses the text is megabytes long.
    text.reserveCapacity(metrics.reduce(0) { $0 + ($1.samples.count + 3) * 64 })
    for series in metrics where !series.samples.isEmpty { add(series, to: &text) }
    if self == .openMetrics { text += "# EOF\n" }
    return text
  }

  private func add(_ series: MetricSeries, to text: inout String) {
    let family = series.family
    let name = declaredName(of: family)
    text += "# HELP \(name) \(escaped(family.help, quotes: self == .openMetrics))\n"
    text += "# TYPE \(name) \(declaredKind(of: family))\n"
    if self == .openMetrics, let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
    for sample in series.samples {
      let labels = labels(family.labels, sample.labels)
      switch sample.value {
      case .number(let value): add(family.name, labels, value, to: &text)
      case .histogram(let histogram): add(family.name, labels, histogram, to: &text)
      }
    }
  }

  /// OpenMetrics declares counters and infos without the ending of their samples.
  private func declaredName(of family: MetricFamily) -> String {
    guard self == .openMetrics else { return family.name }
    return switch family.kind {
    case .counter: String(family.name.dropLast("_total".count))
    case .info: String(family.name.dropLast("_info".count))
    case .gauge, .histogram: family.name
    }
  }

  private func declaredKind(of family: MetricFamily) -> String {
    // Prometheus has no infos.
    self == .prometheus && family.kind == .info ? "gauge" : family.kind.rawValue
  }

  /// `a="x",b="y"`, or nothing.
  private func labels(_ names: [String], _ values: [String]) -> String {
    var text = ""
    for (name, value) in zip(names, values) {
      if !text.isEmpty { text += "," }
      text += name
      text += "=\""
      text += escaped(value, quotes: true)
      text += "\""
    }
    return text
  }

  private func add(_ name: String, _ labels: String, _ value: Double, to text: inout String) {
    text += name
    if !labels.isEmpty {
      text += "{"
      text += labels
      text += "}"
    }
    text += " "
    text += Self.number(value)
    text += "\n"
  }

  private func add(_ name: String, _ labels: String, _ histogram: Histogram, to text: inout String)
  {
    let prefix = labels.isEmpty ? "" : labels + ","
    var total: UInt64 = 0
    for (index, count) in histogram.counts.enumerated() {
      total += count
      let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
      add("\(name)_bucket", "\(prefix)le=\"\(bound)\"", Double(total), to: &text)
    }
    add("\(name)_sum", labels, histogram.sum, to: &text)
    add("\(name)_count", labels, Double(total), to: &text)
  }

  private func escaped(_ value: String, quotes: Bool) -> String {
    guard value.utf8.contains(where: { [0x0a, 0x22, 0x5c].contains($0) }) else { return value }
    var text = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quotes: text += "\\\""
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }

  /// Whole numbers without a fraction, as people write them; the others in full.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == value.rounded(), abs(value) < 9e15 { return "\(Int64(value))" }
    return "\(value)"
  }
}
