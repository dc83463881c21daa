extension ClusterText {
  // MARK: Nodes

  private static let nodeColumns = [
    TextTable.Column(heading: "NODE", least: 8, most: TextTable.longestName),
    TextTable.Column(heading: "SESSION", least: 8, most: TextTable.longestName),
    TextTable.Column(heading: "STATE", most: TextTable.longestName),
    TextTable.Column(heading: "CLAIMS", isRight: true),
    TextTable.Column(heading: "RENEWED", isRight: true, expendable: 1),
    TextTable.Column(heading: "ENDS IN", isRight: true),
    TextTable.Column(heading: "SINCE", isRight: true, expendable: 2),
  ]
  private static let nodeState = 2

  /// The table of nodes; the one that was asked has a star.
  var nodes: [String] {
    guard !status.nodes.isEmpty else { return ["", "no node has a session"] }
    let rows = status.nodes.map(cells)
    let table = TextTable(Self.nodeColumns, rows, width: style.width)
    var lines = ["", style.paint(table.heading, .heading)]
    for (node, row) in zip(status.nodes, rows) {
      lines.append(
        table.line(row) { $0 == Self.nodeState ? style.paint($1, Self.tone(of: node)) : $1 })
      if let reason = node.reason { lines += remark(reason, .bad) }
    }
    return lines
  }

  private func cells(_ node: ClusterNode) -> [String?] {
    [
      printable(node.name) + (node.isSelf ? " *" : ""), node.session.map(printable),
      printable(node.state.rawValue), "\(node.claims)",
      node.sinceRenewalMs.map { "\(Self.seconds($0)) ago" }, node.endsInMs.map(Self.seconds),
      node.since.map { TextLayout.age(of: $0, at: now) },
    ]
  }

  private static func tone(of node: ClusterNode) -> TerminalStyle.Tone? {
    switch node.state {
    case .live: .good
    case .overdue: .caution
    case .dead: .bad
    default: nil
    }
  }

  // MARK: Addresses

  private static let addressColumns = [
    TextTable.Column(heading: "ADDRESS", most: TextTable.longestName),
    TextTable.Column(heading: "STATE", most: TextTable.longestName),
    TextTable.Column(heading: "HOLDER", least: 8, most: TextTable.longestName),
    TextTable.Column(heading: "SINCE", isRight: true),
    TextTable.Column(heading: "EPOCH", isRight: true, expendable: 1),
    TextTable.Column(heading: "NEXT", least: 8, most: TextTable.longestName),
    TextTable.Column(heading: "ON", least: 8, most: TextTable.longestName, expendable: 2),
  ]
  private static let addressState = 1

  /// The table of addresses.
  var addresses: [String] {
    guard !status.addresses.isEmpty else { return ["", "no claims"] }
    let rows = status.addresses.map(cells)
    let table = TextTable(Self.addressColumns, rows, width: style.width)
    var lines = ["", style.paint(table.heading, .heading)]
    for (address, row) in zip(status.addresses, rows) {
      lines.append(
        table.line(row) { $0 == Self.addressState ? style.paint($1, tone(of: address)) : $1 })
      // A dead node's hundred claims are all dead for the reason that stands beside the node.
      guard let reason = address.reason, isAboutSome || address.state != .expiring else { continue }
      lines += remark(reason, .bad)
    }
    return lines
  }

  private func cells(_ address: ClusterAddress) -> [String?] {
    [
      printable(address.address), printable(address.state.rawValue), address.holder.map(printable),
      address.since.map { TextLayout.age(of: $0, at: now) }, address.epoch.map { "\($0)" },
      address.preferred.map(printable),
      address.interfaces.isEmpty ? nil : printable(address.interfaces.joined(separator: ",")),
    ]
  }

  private func tone(of address: ClusterAddress) -> TerminalStyle.Tone? {
    switch address.state {
    case .held: address.holder == status.node ? .good : nil
    case .expiring, .free: .caution
    case .foreign, .taken: .bad
    default: nil
    }
  }
}
