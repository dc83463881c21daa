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
  package func render(_ families: [MetricFamily]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty { add(family, to: &text) }
    if self == .openMetrics { text += "# EOF\n" }
    return text
  }

  private func add(_ family: MetricFamily, to text: inout String) {
    let name = declaredName(of: family)
    text += "# HELP \(name) \(escaped(family.help, quotes: self == .openMetrics))\n"
    text += "# TYPE \(name) \(declaredKind(of: family))\n"
    if self == .openMetrics, let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
    for sample in family.samples {
      switch sample.value {
      case .number(let value): add(family.name, sample.labels, value, to: &text)
      case .histogram(let histogram): add(family.name, sample.labels, histogram, to: &text)
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

  private func add(
    _ name: String, _ labels: [MetricSample.Label], _ value: Double, to text: inout String
  ) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(Self.number(value))\n"
  }

  private func add(
    _ name: String, _ labels: [MetricSample.Label], _ histogram: Histogram, to text: inout String
  ) {
    var total: UInt64 = 0
    for (index, count) in histogram.counts.enumerated() {
      total += count
      let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
      add(
        "\(name)_bucket", labels + [MetricSample.Label("le", bound)], Double(total), to: &text)
    }
    add("\(name)_sum", labels, histogram.sum, to: &text)
    add("\(name)_count", labels, Double(total), to: &text)
  }

  private func escaped(_ value: String, quotes: Bool) -> String {
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
