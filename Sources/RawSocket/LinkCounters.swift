package import Announcer

/// What went over one link since it appeared.
package struct LinkCounts: Hashable, Sendable {
  /// Answers that left.
  package var answered: UInt64 = 0
  /// Announcement frames that left.
  package var announced: UInt64 = 0
  /// Questions of our own that left: who else has an address.
  package var asked: UInt64 = 0
  /// Frames that the kernel refused to send.
  package var sendErrors: UInt64 = 0
  /// Frames not answered, by reason.
  package var ignored = [UInt64](repeating: 0, count: Reason.allCases.count)

  package init() {}

  package subscript(reason: Reason) -> UInt64 { ignored[Int(reason.rawValue)] }

  /// Frames that our sockets were given, whatever became of them.
  package var received: UInt64 { answered + ignored.reduce(0, +) }

  package var sent: UInt64 { answered + announced + asked }
}

/// The counters of all links, in one array that the answering thread adds to without allocating.
///
/// A link's counters begin with the first claim on it and end when the link is gone. The first row is
/// that of frames from links on which nothing was ever announced.
struct LinkCounters {
  /// What is counted beside the reasons for not answering.
  enum Column: Int, CaseIterable {
    case answered, announced, asked, sendErrors
  }

  private var interfaces: [Int32] = [0]
  private let width = Column.allCases.count + Reason.allCases.count
  private var values: [UInt64]
  /// What links that are gone had counted: the sums never fall.
  private var retired: [UInt64]

  init() {
    values = Array(repeating: 0, count: width)
    retired = Array(repeating: 0, count: width)
  }

  @inline(__always)
  mutating func count(_ column: Column, on interface: Int32) {
    values[row(of: interface) &* width &+ column.rawValue] &+= 1
  }

  @inline(__always)
  mutating func count(_ reason: Reason, on interface: Int32) {
    values[row(of: interface) &* width &+ Self.columns &+ Int(reason.rawValue)] &+= 1
  }

  /// Begins to count for links that have no row yet.
  mutating func add(_ links: some Sequence<Int32>) {
    for link in links where !interfaces.contains(link) {
      interfaces.append(link)
      values += Array(repeating: 0, count: width)
    }
  }

  /// Forgets all links but these.
  mutating func keep(_ links: Set<Int32>) {
    var row = interfaces.count - 1
    while row > 0 {
      if !links.contains(interfaces[row]) {
        let range = row * width..<(row + 1) * width
        for (column, place) in range.enumerated() { retired[column] &+= values[place] }
        values.removeSubrange(range)
        interfaces.remove(at: row)
      }
      row -= 1
    }
  }

  /// By interface index; 0 stands for all links on which nothing was ever announced.
  var byLink: [Int32: LinkCounts] {
    Dictionary(
      uniqueKeysWithValues: interfaces.enumerated().map { row, interface in
        (interface, Self.counts(values[row * width..<(row + 1) * width]))
      })
  }

  /// Over all links there ever were.
  var totals: LinkCounts {
    var sums = retired
    for place in values.indices { sums[place % width] &+= values[place] }
    return Self.counts(sums[...])
  }

  // Not `allCases.count`, which allocates where nothing is optimized.
  private static var columns: Int { 4 }

  private static func counts(_ row: ArraySlice<UInt64>) -> LinkCounts {
    let row = Array(row)
    func value(_ column: Column) -> UInt64 { row[column.rawValue] }
    var counts = LinkCounts()
    counts.answered = value(.answered)
    counts.announced = value(.announced)
    counts.asked = value(.asked)
    counts.sendErrors = value(.sendErrors)
    counts.ignored = Array(row[columns...])
    return counts
  }

  @inline(__always)
  private func row(of interface: Int32) -> Int {
    var row = 1
    while row < interfaces.count {
      if interfaces[row] == interface { return row }
      row &+= 1
    }
    return 0
  }
}
