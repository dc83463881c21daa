/// One metric with all its series, as a scrape finds it.
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
  package var samples: [MetricSample]

  package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample] = []) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }

  /// The base unit that the name ends in; nil where it has none.
  package var unit: String? {
    let base = kind == .counter ? name.dropLast("_total".count) : name[...]
    return ["seconds", "bytes"].first { base.hasSuffix("_\($0)") }
  }
}

/// One series at one moment.
package struct MetricSample: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case number(Double)
    case histogram(Histogram)
  }

  package struct Label: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var labels: [Label]
  package var value: Value

  package init(_ value: Double, _ labels: [Label] = []) {
    self.value = .number(value)
    self.labels = labels
  }

  package init(_ value: Histogram, _ labels: [Label] = []) {
    self.value = .histogram(value)
    self.labels = labels
  }
}
