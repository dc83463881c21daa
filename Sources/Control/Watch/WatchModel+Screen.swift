/// The model laid out: a few lines on the node, the rows that there is room for, and the keys.
extension WatchModel {
  /// Exactly `size.height` lines of at most `size.width` characters, escape sequences not counted.
  package mutating func frame(_ size: Size, now: WallTime, hasColours: Bool) -> [String] {
    let style = TerminalStyle(width: size.width, hasColours: hasColours)
    var lines = header(size, now, style)
    let footer = size.height > lines.count + 1
    lines += table(size.width, size.height - lines.count - (footer ? 1 : 0), now, style)
    while lines.count < size.height - (footer ? 1 : 0) { lines.append("") }
    if footer { lines.append(style.paint(TextLayout.cut(self.footer, to: size.width), .quiet)) }
    return Array(lines.prefix(size.height))
  }

  private func header(_ size: Size, _ now: WallTime, _ style: TerminalStyle) -> [String] {
    var lines: [String] = []
    if let trouble {
      let what = status == nil ? "no daemon yet" : "no daemon since \(Self.clock(trouble.since))"
      let text =
        "\(what) (\(TextLayout.age(of: trouble.since, at: now))), retrying: \(trouble.text)"
      lines += TextLayout.wrap(printable(text), width: size.width, indent: 0).prefix(3)
        .map { style.paint(TextLayout.cut($0, to: size.width), .alarm) }
    }
    guard let status else {
      if trouble == nil { lines.append("asking the daemon …") }
      return lines
    }
    var facts = StatusText(status: status, now: now, style: style).header
    if let note {
      facts += TextLayout.wrap(printable(note), width: size.width, indent: 0)
        .map { style.paint($0, .caution) }
    }
    // The table has two thirds of the screen, whatever there is to warn of.
    let room = max(1, size.height / 3 - lines.count)
    if facts.count > room {
      let left = facts.count - room + 1
      facts = Array(facts.prefix(max(1, room - 1)))
      if room > 1 {
        facts.append(style.paint("  \(left) more lines (announcer status)", .quiet))
      }
    }
    lines += facts
    if size.height >= 12 { lines.append("") }
    return lines
  }

  /// The heading and the rows on the screen; the rest is not laid out.
  private mutating func table(
    _ width: Int, _ height: Int, _ now: WallTime, _ style: TerminalStyle
  ) -> [String] {
    guard status != nil else { return [] }
    guard !rows.addresses.isEmpty else { return ["  no addresses"] }
    if columns?.width != width {
      columns = (StatusText.Columns(rows.addresses, now: now, width: width - 2), width)
    }
    guard let columns = columns?.columns else { return [] }
    var lines = [style.paint(TextLayout.cut("  \(columns.heading)", to: width), .heading)]
    if rows.shown.isEmpty { lines.append("  none of them matches") }
    // The last row ends on the last line, however many lines the rows there have.
    lastTop = rows.shown.count
    var room = height - 1
    while lastTop > 0 {
      room -= 1 + details(rows.shown[lastTop - 1], columns, now).count
      guard room >= 0 || lastTop == rows.shown.count else { break }
      lastTop -= 1
    }
    top = min(top, lastTop)
    page = 0
    for index in rows.shown.dropFirst(top) {
      let entry =
        [row(index, columns, width, now, style)]
        + details(index, columns, now).map {
          style.paint(TextLayout.cut("    \($0)", to: width), .bad)
        }
      guard lines.count + entry.count <= height || page == 0 else { break }
      lines += entry
      page += 1
    }
    return lines
  }

  /// What a row has no room for: a line each.
  private func details(
    _ index: Int, _ columns: StatusText.Columns, _ now: WallTime
  ) -> [String] {
    let entry = rows.addresses[index]
    var lines: [String] = []
    if let reason = entry.reason, columns.hasLine(for: reason) { lines.append(printable(reason)) }
    if let conflict = entry.conflict {
      lines.append(
        printable(
          "\(conflict.hardwareAddress) claims it too: seen "
            + "\(TextLayout.count(conflict.count, "time", "times")), last "
            + "\(TextLayout.age(of: conflict.lastSeenAt, at: now)) ago"))
    }
    return lines
  }

  private func row(
    _ index: Int, _ columns: StatusText.Columns, _ width: Int, _ now: WallTime,
    _ style: TerminalStyle
  ) -> String {
    let entry = rows.addresses[index]
    let changes = rows.changes(at: index)
    let address = TextLayout.padded(printable(entry.address), to: columns.address)
    let state = TextLayout.padded(printable(entry.state.rawValue), to: columns.state)
    let rest = columns.rest(of: entry, now: now)
    let marker = changes.contains(.row) ? "* " : "  "
    let plain = TextLayout.cut("\(marker)\(address)  \(state)  \(rest)", to: width)
    // A row that changed, or that does not fit, is one piece.
    if changes.contains(.row) { return style.paint(StatusText.withoutTail(plain), .changed) }
    let start = marker.count + columns.address + 2
    guard plain.count > start + columns.state else { return plain }
    let tail = String(plain.dropFirst(start + columns.state))
    var shown = tail
    if changes.contains(.answers), columns.answers > 0, entry.reason == nil,
      tail.count > columns.answers
    {
      shown =
        String(tail.dropLast(columns.answers))
        + style.paint(String(tail.suffix(columns.answers)), .heading)
    }
    return StatusText.withoutTail(
      "\(marker)\(address)  \(style.paint(state, StatusText.tone(of: entry.state)))\(shown)")
  }

  private var footer: String {
    let last = min(top + page, rows.shown.count)
    var place =
      rows.shown.isEmpty ? "0" : "\(top + 1)-\(last) of \(rows.shown.count)"
    if rows.shown.count != rows.addresses.count { place += " (\(rows.addresses.count) in all)" }
    if isTyping { return "/\(rows.filter)_   Enter keeps, Esc clears   \(place)" }
    let filter = rows.filter.isEmpty ? "/ filter" : "filter: \(rows.filter) (Esc clears)"
    return "q quit   \(filter)   s sort: \(rows.order.rawValue)   \(place)"
  }

  /// `14:03:07 UTC`.
  private static func clock(_ time: WallTime) -> String {
    "\(time.description.dropFirst(11).prefix(8)) UTC"
  }
}
