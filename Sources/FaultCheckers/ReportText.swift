/// The report as a table for 100 columns, with what was wrong below it.
package enum ReportText {
  private static let widths = [34, 4, 4, 7, 7, 7, 7, 8, 6, 7]

  package static let header = row([
    "fault", "T", "runs", "p50", "p99", "max", "bound", "overlap", "uncov.", "verdict",
  ])

  package static func render(_ results: [FaultResult]) -> String {
    var lines = [header, String(repeating: "-", count: header.count)]
    lines += results.map(line)
    lines.append(summary(results))
    for result in results {
      lines += result.notes.map { "\(result.fault): \($0)" }
    }
    for result in results where result.verdict == .broken {
      lines.append("\n\(result.fault) (T = \(seconds(result.leaseMs))):")
      lines += result.complaints.map { "  - \($0)" }
      if let evidence = result.evidence { lines.append("  evidence: \(evidence)") }
    }
    for result in results where result.verdict == .skipped {
      lines.append("\(result.fault) skipped: \(result.complaints.joined(separator: "; "))")
    }
    return lines.joined(separator: "\n")
  }

  /// One fault; times in milliseconds.
  package static func line(_ result: FaultResult) -> String {
    func time(_ value: Double?) -> String {
      guard let value else { return "-" }
      // The fraction matters where it is all there is.
      guard value < 100 else { return String(Int(value.rounded(.up))) }
      let tenths = Int((value * 10).rounded(.up))
      return "\(tenths / 10).\(tenths % 10)"
    }
    return row([
      result.fault, seconds(result.leaseMs), String(result.runs), time(result.gapMs?.p50),
      time(result.gapMs?.p99), time(result.gapMs?.max),
      result.boundMs.map { String(Int($0)) } ?? "-", time(result.overlapMs),
      result.uncovered.map(String.init) ?? "-", word(result.verdict),
    ])
  }

  private static func summary(_ results: [FaultResult]) -> String {
    func count(_ verdict: FaultResult.Verdict) -> Int {
      results.count { $0.verdict == verdict }
    }
    return "\n\(results.count) faults: \(count(.held)) held, \(count(.broken)) broken, "
      + "\(count(.skipped)) skipped. Times in ms; overlap and uncovered must be 0."
  }

  private static func word(_ verdict: FaultResult.Verdict) -> String {
    switch verdict {
    case .held: "held"
    case .broken: "BROKEN"
    case .skipped: "skipped"
    }
  }

  private static func seconds(_ milliseconds: Double) -> String {
    "\(Int(milliseconds / 1000)) s"
  }

  /// The first column to the left, all others to the right.
  private static func row(_ cells: [String]) -> String {
    zip(cells, widths).enumerated().map { index, cell in
      let (text, width) = (String(cell.0.prefix(cell.1)), cell.1)
      let padding = String(repeating: " ", count: width - text.count)
      return index == 0 ? text + padding : padding + text
    }.joined(separator: " ")
  }
}
