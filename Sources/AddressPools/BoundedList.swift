/// A list for people that stays readable, and below what a condition's message may have.
enum BoundedList {
  private static let shown = 3
  /// A message of a condition has 32,768 characters at most; nobody reads that many.
  private static let limit = 1024
  /// What the count at the end needs.
  private static let reserve = 32

  static func text(_ items: [String]) -> String {
    var text = items.prefix(shown).map { bounded($0, (limit - reserve) / shown - 2) }
      .joined(separator: "; ")
    if items.count > shown { text += "; and \(items.count - shown) more" }
    return text
  }

  /// In octets, so that no name of whatever letters exceeds it.
  private static func bounded(_ item: String, _ limit: Int) -> String {
    guard item.utf8.count > limit else { return item }
    var text = ""
    for character in item {
      guard text.utf8.count + character.utf8.count <= limit - 3 else { break }
      text.append(character)
    }
    return text + "…"
  }
}
