/// `announcer status` for people: a few lines on the node, then a table of the addresses.
package struct StatusText {
  let status: Status
  let now: WallTime
  let style: TerminalStyle

  /// The whole text, with the end of its last line.
  package static func render(_ status: Status, now: WallTime, style: TerminalStyle) -> String {
    let text = StatusText(status: status, now: now, style: style)
    let lines = text.header + text.table + text.unannounced
    return lines.joined(separator: "\n") + "\n"
  }

  private static let labelWidth = 12
  /// A node full of containers has hundreds of links that are passed over.
  private static let shownSkipped = 6

  // MARK: Header

  /// The headline, and what there is to say about the node.
  var header: [String] {
    var lines = [style.paint(TextLayout.cut(headline, to: style.width), .heading)]
    lines += item("daemon", daemon)
    lines += item("lease", lease, tone: leaseTone)
    lines += leaseFacts.flatMap { item("", $0.text, tone: $0.tone) }
    lines += item(
      "config",
      "\(status.configuration.file), loaded "
        + "\(TextLayout.age(of: status.configuration.loadedAt, at: now)) ago")
    lines += file
    lines += sources
    lines += interfaces
    lines += services
    lines += selfCheck
    lines += ignored
    for warning in status.warnings { lines += item("warning", warning, tone: .caution) }
    return lines
  }

  /// `2 unreachable, 1 timed out`, the most frequent first; nil where nothing was counted.
  static func list(_ counts: [String: UInt64]) -> String? {
    let counts = counts.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return counts.isEmpty ? nil : counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  private var headline: String {
    let total = TextLayout.count(status.addresses.count, "address", "addresses")
    let states: [AddressStatus.State] = [.announcing, .standby, .waiting, .blocked]
    let counts = states.compactMap { state in
      let count = status.addresses.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    let detail = counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))"
    let contested = status.addresses.count { $0.conflict != nil }
    let conflicts =
      contested == 0 ? "" : "; \(TextLayout.count(contested, "conflict", "conflicts"))"
    return printable("\(status.node) — \(total)\(detail)\(conflicts)")
  }

  private var daemon: String {
    var parts = [
      "announcer \(status.version)", "up \(TextLayout.age(of: status.startedAt, at: now))",
      status.ready ? "ready" : "not ready yet",
    ]
    if status.drained { parts.append("drained") }
    if !status.session.isEmpty { parts.append("session \(status.session)") }
    return parts.joined(separator: ", ")
  }

  private var interfaces: [String] {
    guard !status.interfaces.isEmpty else {
      return item("links", "no interface matches", tone: .caution)
    }
    var lines: [String] = []
    var skipped = 0
    for interface in status.interfaces {
      if interface.state == .skipped {
        skipped += 1
        if skipped > Self.shownSkipped { continue }
      }
      var text = "\(interface.name) \(interface.state.rawValue)"
      if let reason = interface.reason { text += ": \(reason)" }
      if let address = interface.hardwareAddress, interface.reason == nil { text += ", \(address)" }
      let tone: TerminalStyle.Tone? =
        switch interface.state {
        case .down: .caution
        case .skipped: .quiet
        default: nil
        }
      lines += item(lines.isEmpty ? "links" : "", text, tone: tone)
    }
    if skipped > Self.shownSkipped {
      lines += item(
        "", "\(skipped - Self.shownSkipped) more skipped (--output json lists them)", tone: .quiet)
    }
    return lines
  }

  func item(
    _ label: String, _ text: String, tone: TerminalStyle.Tone? = nil
  ) -> [String] {
    let lines = TextLayout.item(
      "", printable(text), labelWidth: Self.labelWidth, width: style.width)
    return lines.enumerated().map { index, line in
      let shown = style.paint(String(line.dropFirst(Self.labelWidth)), tone)
      return TextLayout.padded(index == 0 ? label : "", to: Self.labelWidth) + shown
    }
  }

  // MARK: Table

  private var table: [String] {
    guard !status.addresses.isEmpty else {
      let cause =
        status.sources.isEmpty
        ? "nothing is to be announced (see `announcements`)"
        : "neither the configuration nor its sources ask for any"
      return ["", "no addresses: \(cause)"]
    }
    let columns = Columns(status.addresses, now: now, width: style.width)
    var lines = ["", style.paint(columns.heading, .heading)]
    for entry in status.addresses {
      let state = entry.state
      let stateText = TextLayout.padded(printable(state.rawValue), to: columns.state)
      let line =
        TextLayout.padded(printable(entry.address), to: columns.address) + "  "
        + style.paint(stateText, Self.tone(of: state)) + "  "
        + columns.rest(of: entry, now: now)
      lines.append(Self.withoutTail(line))
      if let reason = entry.reason, columns.hasLine(for: reason) {
        lines.append("  \(TextLayout.cut(printable(reason), to: style.width.map { $0 - 2 }))")
      }
      if let conflict = entry.conflict {
        let text =
          "\(conflict.hardwareAddress) claims it too: seen "
          + "\(TextLayout.count(conflict.count, "time", "times")), last "
          + "\(TextLayout.age(of: conflict.lastSeenAt, at: now)) ago"
        lines += TextLayout.wrap(printable(text), width: style.width, indent: 2)
          .map { "  \(style.paint($0, .bad))" }
      }
    }
    return lines
  }

  static func tone(of state: AddressStatus.State) -> TerminalStyle.Tone? {
    switch state {
    case .announcing: .good
    case .standby: .quiet
    case .waiting: .caution
    case .blocked: .bad
    default: nil
    }
  }

  static func withoutTail(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
