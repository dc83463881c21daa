import Daemon
import Metrics

/// docs/metrics.md: every metric, from the list that the daemon itself goes by.
enum MetricsPage {
  /// With the names that a histogram's series have.
  static var names: Set<String> {
    Set(
      AnnouncerMetrics.all.flatMap { family in
        family.kind == .histogram
          ? ["", "_bucket", "_sum", "_count"].map { family.name + $0 } : [family.name]
      })
  }

  static var text: String {
    let chapters: [(String, [String])] = [
      (
        "The node",
        [
          "announcer_build", "announcer_ready", "announcer_drained", "announcer_warn",
          "announcer_conf",
        ]
      ),
      ("Addresses", ["announcer_address"]),
      ("Interfaces", ["announcer_interface", "announcer_socket"]),
      ("The lease", ["announcer_lease", "announcer_takeover", "announcer_gate"]),
      ("Sources", ["announcer_source"]),
      ("Address pools", ["announcer_pool"]),
      ("The process", ["process_"]),
    ]
    var left = AnnouncerMetrics.all
    var text = """
      # Metrics

      What the daemon tells Prometheus at `/metrics`, once `metrics.listen` is set; how to scrape it, and what
      to watch, is in [monitoring.md](monitoring.md). Written by `make docs` from the list in the program.

      Series of what is gone (an address that is no longer wanted, an interface that was removed) go away.
      Whoever asks for OpenMetrics gets it, with the same names.

      `/healthz` answers 200 while the process serves. `/readyz` answers 200 while this node knows what is to be
      announced and announces what it holds, else 503 with the reason.

      """
    for (title, prefixes) in chapters {
      text += table(title, left.filter { matches($0, prefixes) })
      left.removeAll { matches($0, prefixes) }
    }
    return text + (left.isEmpty ? "" : table("More", left))
  }

  private static func matches(_ family: MetricFamily, _ prefixes: [String]) -> Bool {
    prefixes.contains { family.name.hasPrefix($0) }
  }

  private static func table(_ title: String, _ families: [MetricFamily]) -> String {
    guard !families.isEmpty else { return "" }
    let rows = families.map { family in
      let labels = family.labels.map { "`\($0)`" }.joined(separator: ", ")
      return "| `\(family.name)` | \(family.kind.rawValue) | \(labels) | \(family.help) |\n"
    }
    return "\n## \(title)\n\n| name | kind | labels | meaning |\n|---|---|---|---|\n"
      + rows.joined()
  }
}
