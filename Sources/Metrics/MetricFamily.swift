/// One metric: what it is called, what it means, and which labels tell its series apart.
///
/// Source: OpenMetrics 1.0, "MetricFamily"; Prometheus documentation, "Exposition formats".
package struct MetricFamily: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// Only grows. Its name ends in `_total`.
    case counter
    case gauge
    case histogram
    /// Labels that describe something; its value is 1. Its name ends in `_info`.
    case info
  }

  /// Letters, digits and `_`, with the base unit and, for a counter, `_total` at its end.
  package let name: String
  package let kind: Kind
  /// A sentence without its full stop.
  package let help: String
  package let labels: [String]

  package init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
    precondition(kind != .counter || name.hasSuffix("_total"), "\(name) is a counter")
    precondition(kind != .info || name.hasSuffix("_info"), "\(name) is an info")
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
  }

  /// The base unit that the name ends in; nil where it has none.
  package var unit: String? {
    let base = kind == .counter ? name.dropLast("_total".count) : name[...]
    return ["seconds", "bytes"].first { base.hasSuffix("_\($0)") }
  }
}

/// A family and all its series, as a scrape finds them.
package struct MetricSeries: Hashable, Sendable {
  package let family: MetricFamily
  package var samples: [MetricSample]

  package init(_ family: MetricFamily, _ samples: [MetricSample]) {
    self.family = family
    self.samples = samples
  }

  /// The one series of a family without labels; none where there is no value.
  package init(_ family: MetricFamily, _ value: Double?) {
    self.init(family, value.map { [MetricSample($0)] } ?? [])
  }

  package init(_ family: MetricFamily, _ value: Histogram) {
    self.init(family, [MetricSample(value)])
  }
}

/// One series at one moment.
package struct MetricSample: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case number(Double)
    case histogram(Histogram)
  }

  /// The values of the family's labels, in their order.
  package var labels: [LabelValue]
  package var value: Value

  package init(_ value: Double, _ labels: String...) {
    self.init(value, labels: labels.map(LabelValue.init))
  }

  /// Where several families have series of the same labels.
  package init(_ value: Double, labels: [LabelValue]) {
    self.value = .number(value)
    self.labels = labels
  }

  package init(_ value: Histogram, _ labels: String...) {
    self.value = .histogram(value)
    self.labels = labels.map(LabelValue.init)
  }
}

/// A label's value as it stands between its quotes, in UTF-8: escaped once for all of its series.
package struct LabelValue: Hashable, Sendable {
  package let octets: [UInt8]

  package init(_ text: String) { octets = Array(MetricText.escaped(text, quotes: true).utf8) }
}
