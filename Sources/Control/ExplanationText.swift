/// `announcer explain ADDRESS` for people: sentences, and a line for every interface.
package struct ExplanationText {
  private let explanation: Explanation
  private let now: WallTime
  private let style: TerminalStyle

  /// The whole text, with the end of its last line. Nothing in it is cut.
  package static func render(
    _ explanation: Explanation, now: WallTime, style: TerminalStyle
  ) -> String {
    let text = ExplanationText(explanation: explanation, now: now, style: style)
    var lines = text.opening.flatMap { part in
      TextLayout.wrap(printable(part.text), width: style.width, indent: part.indent)
        .map { String(repeating: " ", count: part.indent) + style.paint($0, part.tone) }
    }
    for sentence in text.sentences { lines += text.wrapped(sentence) }
    lines += text.links
    for note in explanation.notes { lines += text.wrapped("\(note).") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var opening: [(indent: Int, text: String, tone: TerminalStyle.Tone?)] {
    guard let services = explanation.services else { return [(0, verdict.text, verdict.tone)] }
    if services.isEmpty {
      return [(0, "\(explanation.node) knows no Service \(explanation.asked).", .bad)]
    }
    return services.flatMap(\.lines)
  }

  private var verdict: (text: String, tone: TerminalStyle.Tone?) {
    let (asked, node) = (explanation.asked, explanation.node)
    guard let entry = explanation.address else {
      if explanation.isMentioned {
        return ("\(asked) is not announced, as far as \(node) can tell:", .bad)
      }
      return ("\(asked) is unknown to \(node): nothing there asks for it.", .bad)
    }
    let since = entry.since.map { ", since \($0) (\(TextLayout.age(of: $0, at: now)) ago)" } ?? ""
    let reason = entry.reason.map { ": \($0)" } ?? ""
    let holder = entry.holder.map { $0 == node ? "\($0) itself" : $0 } ?? "another node"
    switch entry.state {
    case .announcing:
      let on = entry.interfaces.isEmpty ? "" : " on \(Self.list(entry.interfaces))"
      return ("\(asked) is announced by \(node)\(on)\(since)\(reason).", .good)
    case .standby:
      return ("\(asked) is held by \(holder); \(node) stands by\(since)\(reason).", nil)
    case .waiting:
      return (
        "\(asked) is held by nobody yet; \(node) is a candidate\(since)\(reason).", .caution
      )
    case .blocked:
      let elsewhere = entry.holder.map { $0 == node ? "" : " It is held by \($0)." } ?? ""
      return ("\(asked) is wanted, but not from \(node)\(reason)\(since).\(elsewhere)", .bad)
    default:
      return ("\(asked) is \(entry.state.rawValue) on \(node)\(since)\(reason).", nil)
    }
  }

  private var sentences: [String] {
    guard let entry = explanation.address else { return [] }
    var sentences: [String] = []
    if !entry.origins.isEmpty { sentences.append("It is wanted by \(Self.list(entry.origins)).") }
    if entry.answers > 0 || entry.announcements > 0 {
      let last =
        entry.lastAnswerAt.map { ", the last \(TextLayout.age(of: $0, at: now)) ago" } ?? ""
      sentences.append(
        "\(explanation.node) has answered "
          + "\(TextLayout.count(entry.answers, "request", "requests"))\(last), and sent "
          + "\(TextLayout.count(entry.announcements, "announcement", "announcements")).")
    }
    if let conflict = entry.conflict {
      sentences.append(
        "Conflict: \(conflict.hardwareAddress) claims it too, seen "
          + "\(TextLayout.count(conflict.count, "time", "times")), the last "
          + "\(TextLayout.age(of: conflict.lastSeenAt, at: now)) ago.")
    }
    return sentences
  }

  private var links: [String] {
    guard !explanation.links.isEmpty else { return [] }
    let names = explanation.links.map { printable($0.name) }
    let verdicts = explanation.links.map { printable($0.verdict.rawValue) }
    let nameWidth = names.map(\.count).max() ?? 0
    let verdictWidth = verdicts.map(\.count).max() ?? 0
    let indent = 2 + nameWidth + 2 + verdictWidth + 2
    var lines = ["", style.paint("Interfaces of \(printable(explanation.node)):", .heading)]
    for (index, link) in explanation.links.enumerated() {
      let tone: TerminalStyle.Tone? =
        switch link.verdict {
        case .announcing: .good
        case .down: .caution
        case .skipped: .quiet
        default: nil
        }
      var text = link.reason ?? ""
      if text.isEmpty, !link.matchedBy.isEmpty { text = "matches \(Self.list(link.matchedBy))" }
      for (row, line) in TextLayout.wrap(printable(text), width: style.width, indent: indent)
        .enumerated()
      {
        let name = TextLayout.padded(row == 0 ? names[index] : "", to: nameWidth)
        let verdict = TextLayout.padded(row == 0 ? verdicts[index] : "", to: verdictWidth)
        let end = line.isEmpty ? "" : "  \(line)"
        lines.append("  \(name)  \(style.paint(verdict, row == 0 ? tone : nil))\(end)")
      }
    }
    if !explanation.notes.isEmpty { lines.append("") }
    return lines
  }

  private func wrapped(_ text: String) -> [String] {
    TextLayout.wrap(printable(text), width: style.width, indent: 0)
  }

  /// `a`, `a and b`, `a, b and c`.
  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return "\(words.dropLast().joined(separator: ", ")) and \(last)"
  }
}
