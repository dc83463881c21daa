/// Metrics as the text that a scraper reads.
///
/// Written as octets: with thousands of addresses the text is megabytes long, and made several times a
/// minute on a node that has better things to do.
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

  /// The whole text in UTF-8. A family without series is left out.
  package func render(_ metrics: [MetricSeries]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(metrics.reduce(16) { $0 + ($1.samples.count + 4) * 80 })
    for series in metrics where !series.samples.isEmpty { add(series, to: &text) }
    if self == .openMetrics { text.add("# EOF\n") }
    return text
  }

  private func add(_ series: MetricSeries, to text: inout [UInt8]) {
    let family = series.family
    let name = declaredName(of: family)
    let help = Self.escaped(family.help, quotes: self == .openMetrics)
    text.add("# HELP \(name) \(help)\n# TYPE \(name) \(declaredKind(of: family))\n")
    if self == .openMetrics, let unit = family.unit { text.add("# UNIT \(name) \(unit)\n") }
    let start = SampleStart(family.name, family.labels)
    for sample in series.samples {
      switch sample.value {
      case .number(let value): add(start, sample.labels, value, to: &text)
      case .histogram(let histogram): add(family, sample.labels, histogram, to: &text)
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

  /// What all samples of one name have in common: `name{a="` and `",b="`, to stand before the values.
  private struct SampleStart {
    let pieces: [[UInt8]]

    init(_ name: String, _ labels: [String]) {
      guard !labels.isEmpty else {
        pieces = [Array(name.utf8)]
        return
      }
      pieces = labels.enumerated().map { position, label in
        Array((position == 0 ? "\(name){\(label)=\"" : "\",\(label)=\"").utf8)
      }
    }
  }

  /// `name{a="x",b="y"} 1`, and the end of the line.
  private func add(
    _ start: SampleStart, _ values: [LabelValue], _ value: Double, to text: inout [UInt8]
  ) {
    for index in start.pieces.indices {
      text.append(contentsOf: start.pieces[index])
      if !values.isEmpty { text.append(contentsOf: values[index].octets) }
    }
    if !values.isEmpty { text.add("\"}") }
    text.append(UInt8(ascii: " "))
    text.add(Self.number(value))
    text.append(UInt8(ascii: "\n"))
  }

  private func add(
    _ family: MetricFamily, _ values: [LabelValue], _ histogram: Histogram, to text: inout [UInt8]
  ) {
    let bucket = SampleStart("\(family.name)_bucket", family.labels + ["le"])
    var total: UInt64 = 0
    for (index, count) in histogram.counts.enumerated() {
      total += count
      let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
      add(bucket, values + [LabelValue(bound)], Double(total), to: &text)
    }
    add(SampleStart("\(family.name)_sum", family.labels), values, histogram.sum, to: &text)
    add(SampleStart("\(family.name)_count", family.labels), values, Double(total), to: &text)
  }

  static func escaped(_ value: String, quotes: Bool) -> String {
    let needsIt = value.utf8.contains { octet in
      octet == UInt8(ascii: "\n") || octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\")
    }
    guard needsIt else { return value }
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
    // What most series of a quiet node are.
    if value == 0 { return "0" }
    if value == 1 { return "1" }
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == value.rounded(), abs(value) < 9e15 { return "\(Int64(value))" }
    return "\(value)"
  }
}

extension [UInt8] {
  fileprivate mutating func add(_ text: String) { append(contentsOf: text.utf8) }
}
