extension PoolsText {
  private static let columns = [
    TextTable.Column(heading: "POOL", least: 8, most: TextTable.longestName),
    TextTable.Column(heading: "RANGES", least: 12, expendable: 1),
    TextTable.Column(heading: "USED/TOTAL", isRight: true),
    TextTable.Column(heading: "SERVICES", isRight: true, expendable: 2),
    TextTable.Column(heading: "STATE"),
  ]
  private static let ranges = 1
  private static let state = 4

  /// A row for each pool, and below it what is wrong with it.
  var table: [String] {
    guard !status.pools.isEmpty else {
      let isKnown = status.state != .blocked
      return [
        "",
        isKnown
          ? "no pools: the cluster has no CiliumLoadBalancerIPPool"
          : "no pool is known to this node",
      ]
    }
    let room = rangesRoom
    let rows = status.pools.map { cells($0, room: room) }
    let table = TextTable(Self.columns, rows, width: style.width)
    var lines = ["", style.paint(table.heading, .heading)]
    for (pool, row) in zip(status.pools, rows) {
      lines.append(
        table.line(row) { $0 == Self.state ? style.paint($1, Self.tone(of: pool)) : $1 })
      if isAboutSome, row[Self.ranges] != Self.list(pool.ranges) {
        lines += remark(Self.list(pool.ranges), nil)
      }
      if let reason = pool.reason {
        lines += remark(reason, pool.state == .disabled ? .quiet : .bad)
      }
    }
    return lines
  }

  /// How many characters the ranges may take beside everything else; nil for as many as they are.
  private var rangesRoom: Int? {
    style.width.map { width in
      let others = Self.columns.indices.filter { $0 != Self.ranges }.map { index in
        status.pools.map { cells($0, room: nil)[index]?.count ?? 1 }
          .reduce(Self.columns[index].heading.count, max)
      }
      return max(Self.columns[Self.ranges].least ?? 0, width - others.reduce(0) { $0 + $1 + 2 })
    }
  }

  private func cells(_ pool: PoolStatus, room: Int?) -> [String?] {
    [
      printable(pool.name), pool.ranges.isEmpty ? nil : Self.shortened(pool.ranges, to: room),
      pool.total.isEmpty
        ? nil : "\(PoolCount.text(pool.used))/\(PoolCount.text(pool.total))",
      "\(pool.services)",
      printable(pool.state.rawValue),
    ]
  }

  private static func list(_ ranges: [String]) -> String {
    ranges.map(printable).joined(separator: ", ")
  }

  /// As many of the ranges as there is room for, the first at least, and how many more there are.
  static func shortened(_ ranges: [String], to room: Int?) -> String {
    var text = ""
    var count = 0
    for range in ranges {
      let next = text.isEmpty ? printable(range) : "\(text), \(printable(range))"
      let left = ranges.count - count - 1
      if let room, count > 0, (left == 0 ? next : "\(next) +\(left)").count > room { break }
      text = next
      count += 1
    }
    return count < ranges.count ? "\(text) +\(ranges.count - count)" : text
  }

  private static func tone(of pool: PoolStatus) -> TerminalStyle.Tone? {
    switch pool.state {
    case .active: .good
    case .disabled: .quiet
    case .conflict, .invalid: .bad
    default: nil
    }
  }
}
