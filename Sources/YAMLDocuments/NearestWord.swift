/// Finds what somebody meant to write.
package enum NearestWord {
  /// The candidate with the fewest changed characters, the first of equals; nil where every one
  /// would need more than a third of the word changed, which is guessing.
  package static func find(_ word: String, in candidates: [String]) -> String? {
    // Longer words are no typing errors, and the distance costs the product of the lengths.
    guard word.count <= 40 else { return nil }
    let limit = max(1, word.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(word.lowercased(), candidate.lowercased())
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// How many characters to insert, remove, replace, or swap with their neighbour (the optimal
  /// string alignment distance): swapped letters are the commonest slip, and count once.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var before: [Int] = []
    var last = Array(0...right.count)
    for (row, a) in left.enumerated() {
      var next = [row + 1]
      for (column, b) in right.enumerated() {
        var least = min(last[column] + (a == b ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
          least = min(least, before[column - 1] + 1)
        }
        next.append(least)
      }
      before = last
      last = next
    }
    return last[right.count]
  }
}
