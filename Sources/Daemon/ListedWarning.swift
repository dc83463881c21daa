internal import Wire

/// A warning that names the first of a list and counts the others: `10.80.8.150 and 41 more lie in no subnet of lan0`.
///
/// With each address that comes or goes its text is another one, and it is the same warning still.
struct ListedWarning: Hashable, Sendable {
  /// The text without its addresses and numbers.
  let words: String
  /// How many digits the number of the others has.
  let order: Int

  /// - Returns: nil where the text counts nothing.
  init?(_ text: String) {
    let tokens = text.split(separator: " ")
    let counts = tokens.indices.compactMap { index -> Int? in
      guard index > 0, index + 1 < tokens.count, Self.bare(tokens[index - 1]) == "and",
        Self.bare(tokens[index + 1]) == "more"
      else { return nil }
      return Int(tokens[index])
    }
    guard let count = counts.max() else { return nil }
    order = String(count).count
    words = tokens.map { token in
      let bare = Self.bare(token)
      return Int(bare) != nil || IPAddress(String(bare)) != nil ? "*" : String(token)
    }.joined(separator: " ")
  }

  /// A word without the marks around it.
  private static func bare(_ token: Substring) -> Substring {
    var bare = token
    while let last = bare.last, ",;:.)`".contains(last) { bare.removeLast() }
    while let first = bare.first, "(`".contains(first) { bare.removeFirst() }
    return bare
  }
}
