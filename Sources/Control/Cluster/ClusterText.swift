/// `announcer status --cluster` for people: where the facts are from, a table of the nodes, and a table
/// of the addresses.
package struct ClusterText {
  let status: ClusterStatus
  let now: WallTime
  let style: TerminalStyle
  /// Whether somebody asked for some addresses: the nodes are left out then, and nothing else is.
  let isAboutSome: Bool

  /// The whole text, with the end of its last line.
  ///
  /// - Parameter asked: the addresses that somebody asked for, in canonical form; empty for all.
  package static func render(
    _ status: ClusterStatus, asked: [String] = [], now: WallTime, style: TerminalStyle
  ) -> String {
    let text = ClusterText(
      status: asked.isEmpty ? status : status.restricted(to: asked), now: now, style: style,
      isAboutSome: !asked.isEmpty)
    let nodes = asked.isEmpty ? text.nodes : []
    let lines = text.header + nodes + text.addresses
    return lines.joined(separator: "\n") + "\n"
  }

  static let labelWidth = 10

  // MARK: Header

  private var header: [String] {
    var lines = [style.paint(TextLayout.cut(headline, to: style.width), .heading)]
    lines += item("store", store)
    if !status.store.reachable {
      lines += item("", status.store.error ?? "it does not answer", tone: .bad)
      lines += item("", lastKnown, tone: .bad)
    }
    for warning in status.warnings { lines += item("warning", warning, tone: .caution) }
    return lines
  }

  private var headline: String {
    let states: [ClusterAddress.State] = [.held, .expiring, .foreign, .taken, .free, .unknown]
    let counts = states.compactMap { state in
      let count = status.addresses.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    let nodes = TextLayout.count(status.nodes.count, "node", "nodes")
    let addresses = TextLayout.count(status.addresses.count, "address", "addresses")
    let detail = counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))"
    return printable("\(nodes), \(addresses)\(detail)")
  }

  private var store: String {
    let store = status.store
    var text = store.endpoint.map { "\(store.backend), \($0)" } ?? store.backend
    if let time = store.answeredInMs, store.reachable {
      text += ", asked by \(status.node), answered in \(Self.tenths(time)) ms"
    }
    return text
  }

  private var lastKnown: String {
    guard let age = status.store.ageMs else {
      return "it has not answered \(status.node) yet: nothing is known"
    }
    return "what follows is what \(status.node) last knew: the store last answered "
      + "\(Self.seconds(age)) ago"
  }

  private func item(
    _ label: String, _ text: String, tone: TerminalStyle.Tone? = nil
  ) -> [String] {
    let lines = TextLayout.item(
      "", printable(text), labelWidth: Self.labelWidth, width: style.width)
    return lines.enumerated().map { index, line in
      TextLayout.padded(index == 0 ? label : "", to: Self.labelWidth)
        + style.paint(String(line.dropFirst(Self.labelWidth)), tone)
    }
  }

  /// A sentence under a row of a table.
  func remark(_ text: String, _ tone: TerminalStyle.Tone) -> [String] {
    TextLayout.wrap(printable(text), width: style.width, indent: 2)
      .map { "  \(style.paint($0, tone))" }
  }

  // MARK: Times

  package static func seconds(_ milliseconds: Int) -> String {
    milliseconds < 60_000 ? "\(tenths(Double(milliseconds) / 1000)) s" : age(milliseconds)
  }

  private static func age(_ milliseconds: Int) -> String {
    let end = WallTime(nanoseconds: Int64(milliseconds) * 1_000_000)
    return TextLayout.age(of: WallTime(nanoseconds: 0), at: end)
  }

  private static func tenths(_ number: Double) -> String {
    let tenths = (number * 10).rounded()
    guard tenths < 1e9 else { return "\(number)" }
    return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
  }
}
