/// Rows of text in columns that are as wide as what is in them, within what the screen has.
struct TextTable {
  struct Column {
    let heading: String
    var isRight = false
    /// The least width that it may be cut to; nil for a column that is never cut.
    var least: Int?
    /// The greatest width, whatever is in it: a name of megabytes must not push the other columns out of sight.
    var most: Int?
    /// Of several columns that may go where there is no room, the greatest number goes first.
    var expendable = 0
  }

  /// Wide enough for every name of an interface or a namespace, and for most of nodes; JSON has all of it.
  static let longestName = 64

  private let columns: [Column]
  private let widths: [Int]
  /// The columns that there is something in, and room for.
  private let shown: [Int]

  /// - Parameters:
  ///   - rows: the text of every cell; a column whose cells are all nil is left out.
  ///   - width: of the screen; nil for as much as it takes.
  init(_ columns: [Column], _ rows: [[String?]], width: Int?) {
    self.columns = columns
    var widths = columns.indices.map { index in
      min(
        rows.reduce(columns[index].heading.count) { max($0, $1[index]?.count ?? 1) },
        columns[index].most ?? .max)
    }
    var shown = columns.indices.filter { index in
      rows.isEmpty || rows.contains { $0[index] != nil }
    }
    if let width {
      let least = columns.indices.map { index in
        min(widths[index], columns[index].least ?? widths[index])
      }
      func room(_ widths: [Int]) -> Int { shown.reduce(-2) { $0 + widths[$1] + 2 } }
      while room(least) > width,
        let index = shown.filter({ columns[$0].expendable > 0 })
          .max(by: { columns[$0].expendable < columns[$1].expendable })
      {
        shown.removeAll { $0 == index }
      }
      // The widest of those that may be cut gives first.
      while room(widths) > width,
        let index = shown.filter({ widths[$0] > least[$0] }).max(by: { widths[$0] < widths[$1] })
      {
        widths[index] -= 1
      }
    }
    self.widths = widths
    self.shown = shown
  }

  var heading: String { line(columns.map(\.heading)) { _, text in text } }

  /// One row; a cell that has no value is a dash.
  ///
  /// - Parameter paint: colours a cell, given its column and its text, padding included.
  func line(_ cells: [String?], _ paint: (Int, String) -> String = { _, text in text }) -> String {
    var text = ""
    var spaces = ""
    for index in shown {
      let cell = TextLayout.cut(cells[index] ?? "-", to: widths[index])
      let gap = String(repeating: " ", count: widths[index] - cell.count)
      if columns[index].isRight { spaces += gap }
      if !cell.isEmpty { text += spaces + paint(index, cell) }
      spaces = (cell.isEmpty ? spaces : "") + (columns[index].isRight ? "" : gap) + "  "
    }
    return text
  }
}
