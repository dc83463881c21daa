/// Lines of the log that nobody has read yet, in their order, within a bound of octets.
///
/// Once it is full, new lines are left out and counted until half of it is free again: then the count is
/// said, in the place of what is missing, and lines follow again. Warnings and errors have room of
/// their own behind the rest, so that a flood of small news leaves out none of them at first.
struct LogBacklog {
  /// What all lines together may take.
  static let capacity = 256 * 1024
  /// Of it, for warnings and errors only.
  static let reserve = capacity / 4

  private var octets: [UInt8] = []
  /// Where the first octet lies that nobody has read.
  private var start = 0
  /// How many lines were left out since that was last said.
  private(set) var missing = 0
  /// How many lines were ever left out.
  private(set) var missingInAll: UInt64 = 0

  /// Octets that wait.
  var count: Int { octets.count - start }
  var isEmpty: Bool { count == 0 }

  /// Appends a line with its end, or the rest of one; or leaves it out.
  ///
  /// A line that nothing waits before always fits: it is in memory already, however long it is.
  mutating func add(_ line: some Collection<UInt8>, isUrgent: Bool) {
    let room = isUrgent ? Self.capacity : Self.capacity - Self.reserve
    let fits = count + line.count <= room && (isUrgent || missing == 0)
    guard isEmpty || fits else { return leaveOut() }
    octets += line
  }

  /// Counts a line that nobody will read.
  mutating func leaveOut() {
    missing += 1
    missingInAll += 1
  }

  /// As many whole lines as `limit` octets hold; a part of the first where it is longer.
  func first(upTo limit: Int) -> [UInt8] {
    let part = octets[start...].prefix(limit)
    guard part.count < count, let end = part.lastIndex(of: Self.lineFeed) else {
      return Array(part)
    }
    // A copy: a slice would keep all octets twice while the reader is waited for.
    return Array(part[...end])
  }

  /// Forgets octets that were read.
  mutating func removeFirst(_ count: Int) {
    start += count
    guard isEmpty else {
      // The room is used again once half of it lies behind.
      if start > Self.capacity / 2 {
        octets.removeFirst(start)
        start = 0
      }
      return
    }
    // A day without a reader leaves no memory behind.
    octets = []
    start = 0
  }

  /// Forgets the first line, or what is left of it, which cannot be written.
  mutating func leaveOutFirst() {
    guard !isEmpty else { return }
    let end = octets[start...].firstIndex(of: Self.lineFeed) ?? octets.endIndex - 1
    removeFirst(end + 1 - start)
    leaveOut()
  }

  /// How many lines are missing where it is time to say so: half of the room is free. Once for each.
  mutating func takeMissing() -> Int? {
    guard missing > 0, count <= Self.capacity / 2 else { return nil }
    defer { missing = 0 }
    return missing
  }

  private static let lineFeed = UInt8(ascii: "\n")
}
