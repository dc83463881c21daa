/// `announcer pools` for people: who gives addresses, a table of the pools with what is wrong with each, and
/// the Services that go without.
package struct PoolsText {
  let status: PoolsStatus
  let style: TerminalStyle
  /// Whether somebody asked for some pools: all their ranges are shown then, and no Services.
  let isAboutSome: Bool

  /// The whole text, with the end of its last line.
  ///
  /// - Parameter asked: the names that somebody asked for; empty for all.
  package static func render(
    _ status: PoolsStatus, asked: [String] = [], style: TerminalStyle
  ) -> String {
    let text = PoolsText(
      status: asked.isEmpty ? status : status.restricted(to: asked), style: style,
      isAboutSome: !asked.isEmpty)
    let rest = asked.isEmpty ? text.services + text.foreign : []
    return (text.header + text.table + rest + text.warnings).joined(separator: "\n") + "\n"
  }

  // MARK: Who gives

  private var header: [String] {
    var lines = remark(headline, .heading, indent: 0)
    if status.state == .off {
      lines += remark("`kubernetes.addressPools: on` turns it on", nil)
    }
    if let error = status.error { lines += remark(error, .bad) }
    return lines
  }

  private var headline: String {
    switch status.state {
    case .off: return "address pools are off: \(status.node) gives no addresses"
    case .giving: return "\(status.node), this node, gives addresses"
    case .standby:
      return "\(status.holder ?? "another node") gives addresses, this node stands by"
    case .waiting: return "nobody gives addresses"
    case .blocked:
      let others = status.holder.map { "\($0) gives addresses" } ?? "nobody gives addresses"
      return "\(others), this node cannot"
    default:
      return
        "\(status.holder ?? "nobody known") gives addresses, this node: \(status.state.rawValue)"
    }
  }

  // MARK: What is said of Services

  /// As many of each reason are named.
  private static let shownServices = 10

  /// How many have what they ask for, and the others by reason, the most frequent first.
  private var services: [String] {
    let counts = status.services
    guard counts.responsible > 0 else {
      return status.state == .off ? [] : ["", "no Service asks for an address from a pool"]
    }
    let all = TextLayout.count(counts.responsible, "Service", "Services")
    let lacking = counts.unsatisfied.values.reduce(0, +)
    let rest = lacking > 0 ? ", \(lacking) \(lacking == 1 ? "does" : "do") not" : ""
    var lines = [""] + remark("\(all): \(has(counts.satisfied))\(rest)", nil, indent: 0)
    for (reason, count) in counts.unsatisfied.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }
    )
    where count > 0 {
      let named = status.unsatisfied.filter { $0.reason == reason }.prefix(Self.shownServices)
      lines.append("  \(style.paint(printable(reason), .bad)) \(count)")
      lines += named.flatMap { remark("\($0.service): \($0.message)", nil, indent: 4) }
      if count > named.count, !named.isEmpty { lines.append("    and \(count - named.count) more") }
    }
    return lines
  }

  private func has(_ count: Int) -> String {
    "\(count) \(count == 1 ? "has" : "have") what \(count == 1 ? "it asks" : "they ask") for"
  }

  private var foreign: [String] {
    guard !status.foreign.isEmpty else { return [] }
    return [""] + remark("somebody else writes addresses of Services", nil, indent: 0)
      + status.foreign.flatMap { remark($0, .bad) }
  }

  private var warnings: [String] {
    let lines = status.warnings.flatMap { warning in
      TextLayout.wrap(printable(warning), width: style.width, indent: Self.labelWidth)
        .enumerated().map { index, line in
          TextLayout.padded(index == 0 ? "warning" : "", to: Self.labelWidth)
            + style.paint(line, .caution)
        }
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  private static let labelWidth = 10

  /// A sentence that hangs below a line.
  func remark(_ text: String, _ tone: TerminalStyle.Tone?, indent: Int = 2) -> [String] {
    TextLayout.wrap(printable(text), width: style.width, indent: indent).map {
      String(repeating: " ", count: indent) + style.paint($0, tone)
    }
  }
}
