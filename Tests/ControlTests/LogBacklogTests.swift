import Testing

@testable import Control

struct LogBacklogTests {
  private let line = Array("0123456789012345678901234567890123456789012345678901234567890\n".utf8)

  /// Takes everything out, as a reader that reads fast; the lines.
  private func drain(_ backlog: inout LogBacklog) -> [String] {
    var octets: [UInt8] = []
    while !backlog.isEmpty {
      let part = backlog.first(upTo: LogSink.chunk)
      octets += part
      backlog.removeFirst(part.count)
    }
    return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func orderIsKept() {
    var backlog = LogBacklog()
    for number in 0..<1000 { backlog.add("\(number)\n".utf8, isUrgent: number.isMultiple(of: 7)) }
    #expect(drain(&backlog) == (0..<1000).map(String.init))
    #expect(backlog.takeMissing() == nil && backlog.missingInAll == 0)
  }

  @Test func aPartHasWholeLinesAsFarAsTheyFit() {
    var backlog = LogBacklog()
    for _ in 0..<3 { backlog.add(line, isUrgent: false) }
    #expect(backlog.first(upTo: 2 * line.count + 5) == line + line)
    #expect(backlog.first(upTo: 10) == Array(line.prefix(10)))
    backlog.removeFirst(10)
    #expect(backlog.first(upTo: 2 * line.count) == Array(line.dropFirst(10)) + line)
  }

  /// However much is logged, it takes no more than its octets, and all that is left out is counted.
  @Test func itIsBoundedInOctets() {
    var backlog = LogBacklog()
    for _ in 0..<20_000 { backlog.add(line, isUrgent: false) }
    let kept = backlog.count / line.count
    #expect(backlog.count <= LogBacklog.capacity - LogBacklog.reserve)
    #expect(backlog.missing == 20_000 - kept)
    // Errors have room behind the rest, within a bound of their own.
    for _ in 0..<20_000 { backlog.add(line, isUrgent: true) }
    #expect(backlog.count > LogBacklog.capacity - LogBacklog.reserve)
    #expect(backlog.count <= LogBacklog.capacity)
    #expect(backlog.missingInAll == UInt64(40_000 - backlog.count / line.count))
  }

  /// One gap is said once, between what was before it and what comes after it.
  @Test func whatIsMissingIsSaidOnceAndInItsPlace() {
    var backlog = LogBacklog()
    while backlog.missing == 0 { backlog.add(line, isUrgent: false) }
    #expect(backlog.takeMissing() == nil, "nobody has read anything")
    backlog.removeFirst(line.count)
    backlog.add(line, isUrgent: false)
    #expect(backlog.missing == 2, "one gap, not one for each line that is read")
    var missing: Int?
    while missing == nil {
      backlog.removeFirst(line.count)
      missing = backlog.takeMissing()
    }
    #expect(missing == 2 && backlog.count <= LogBacklog.capacity / 2)
    #expect(backlog.takeMissing() == nil)
    backlog.add("after\n".utf8, isUrgent: false)
    #expect(drain(&backlog).last == "after")
    #expect(backlog.missingInAll == 2)
  }

  @Test func aLineLongerThanEverythingIsKeptWhereNothingWaits() {
    var backlog = LogBacklog()
    let long = [UInt8](repeating: 0x61, count: 2 * LogBacklog.capacity) + [0x0a]
    backlog.add(long, isUrgent: false)
    backlog.add(line, isUrgent: true)
    #expect(backlog.count == long.count && backlog.missing == 1)
    #expect(drain(&backlog).count == 1)
  }

  /// A reader that takes as much as is written: the room behind it is used again.
  @Test func aSlowReaderCostsNoMore() {
    var backlog = LogBacklog()
    for _ in 0..<1000 { backlog.add(line, isUrgent: false) }
    for _ in 0..<100_000 {
      backlog.add(line, isUrgent: false)
      #expect(backlog.first(upTo: line.count) == line)
      backlog.removeFirst(line.count)
    }
    #expect(backlog.count == 1000 * line.count && backlog.missingInAll == 0)
  }

  @Test func whatCannotBeWrittenIsCounted() {
    var backlog = LogBacklog()
    backlog.add("one\n".utf8, isUrgent: false)
    backlog.add("two\n".utf8, isUrgent: false)
    backlog.leaveOutFirst()
    #expect(drain(&backlog) == ["two"] && backlog.missingInAll == 1)
    backlog.leaveOutFirst()
    #expect(backlog.missingInAll == 1, "nothing was there")
  }
}
