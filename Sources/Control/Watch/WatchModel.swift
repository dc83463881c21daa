/// What `announcer status --watch` shows: the newest status, what changed since the one before, and what
/// the keys have chosen of it. Pure: news and keys in, a screenful of lines out.
package struct WatchModel {
  /// The terminal's, in characters.
  package struct Size: Hashable, Sendable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  package enum Reaction: Hashable, Sendable {
    case draw
    /// Draw everything, whatever is on the screen.
    case drawAfresh
    case quit
    case nothing
  }

  var status: Status?
  /// That the daemon is of another version.
  var note: String?
  /// Since when nobody answers, and what is the matter.
  var trouble: (since: WallTime, text: String)?
  var rows = WatchRows()
  /// The first row on the screen, the first of the last screenful, and how many are on the screen.
  var top = 0
  var lastTop = 0
  var page = 1
  var isTyping = false
  /// For all rows; worked out once for a status and a width.
  var columns: (columns: StatusText.Columns, width: Int)?

  package init() {}

  // MARK: News

  package mutating func take(_ status: Status, note: String? = nil) {
    rows.take(status.addresses, isFirst: self.status == nil)
    self.status = status
    self.note = note
    trouble = nil
    columns = nil
  }

  /// The daemon cannot be asked; what was known last stays on the screen.
  package mutating func fail(_ text: String, at now: WallTime) {
    trouble = (trouble?.since ?? now, text)
    // Nothing changes any more.
    rows.take(rows.addresses, isFirst: true)
  }

  // MARK: Keys

  package mutating func press(_ key: WatchKey) -> Reaction {
    switch key {
    case .interrupt: return .quit
    case .redraw: return .drawAfresh
    case .up: return scroll(to: top - 1)
    case .down: return scroll(to: top + 1)
    case .pageUp: return scroll(to: top - page)
    case .pageDown: return scroll(to: top + page)
    case .home: return scroll(to: 0)
    case .end: return scroll(to: .max)
    default: return isTyping ? type(key) : command(key)
    }
  }

  private mutating func type(_ key: WatchKey) -> Reaction {
    switch key {
    case .character(let character): choose(rows.filter + String(character))
    case .backspace where rows.filter.isEmpty: isTyping = false
    case .backspace: choose(String(rows.filter.dropLast()))
    case .clear: choose("")
    case .enter: isTyping = false
    case .escape:
      choose("")
      isTyping = false
    default: return .nothing
    }
    return .draw
  }

  private mutating func command(_ key: WatchKey) -> Reaction {
    switch key {
    case .character("q"), .character("Q"): return .quit
    case .character("/"): isTyping = true
    case .character("j"): return scroll(to: top + 1)
    case .character("k"): return scroll(to: top - 1)
    case .character("g"): return scroll(to: 0)
    case .character("G"): return scroll(to: .max)
    case .character(" "): return scroll(to: top + page)
    case .character("s"):
      let all = WatchRows.Order.allCases
      let next = (all.firstIndex(of: rows.order) ?? 0) + 1
      rows.order = all[next % all.count]
      top = 0
    case .escape where !rows.filter.isEmpty: choose("")
    default: return .nothing
    }
    return .draw
  }

  private mutating func choose(_ filter: String) {
    rows.filter = filter
    top = 0
  }

  private mutating func scroll(to row: Int) -> Reaction {
    let bounded = min(max(0, row), lastTop)
    guard bounded != top else { return .nothing }
    top = bounded
    return .draw
  }
}
