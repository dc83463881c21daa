internal import Announcer
internal import Configuration
internal import Daemon

/// What `announcer check` prints, for people and for JSON.
struct CheckReport: Encodable {
  struct Interface: Encodable {
    let name: String
    let state: String
    let matchedBy: [String]
    let reason: String?
  }

  struct Announcement: Encodable {
    let origin: String
    let addresses: [String]
    let interfaces: [String]
    let blocked: [String]
  }

  let file: String
  let node: String
  let ok: Bool
  let addressCount: Int
  let interfaces: [Interface]
  let announcements: [Announcement]
  let lease: LeaseReport
  let problems: [String]
  let warnings: [String]
  /// Whether more is announced than stands here.
  private let announcesServices: Bool
  private let givesAddresses: Bool

  private enum CodingKeys: String, CodingKey {
    case file, node, ok, addressCount, interfaces, announcements, lease, problems, warnings
  }

  init(_ configuration: Configuration, _ assessment: Assessment) {
    file = configuration.file
    node = assessment.node
    lease = LeaseReport(configuration.lease)
    problems = assessment.problems + lease.problems
    ok = problems.isEmpty
    addressCount = assessment.addressCount
    interfaces = assessment.verdicts.map {
      Interface(
        name: $0.name, state: $0.state.rawValue, matchedBy: $0.matchedBy.map(\.text),
        reason: $0.reason?.description)
    }
    announcements = assessment.announcements.map {
      Announcement(
        origin: $0.origin, addresses: $0.ranges, interfaces: $0.interfaces, blocked: $0.blocked)
    }
    warnings = configuration.notes + assessment.warnings
    announcesServices = configuration.kubernetes?.announcesServices ?? false
    givesAddresses = configuration.kubernetes?.givesAddresses ?? false
  }

  var text: String {
    var lines = ["\(file): \(ok ? "right for" : "NOT right for") node \(node)", ""]
    lines.append("interfaces")
    // What no pattern names is of interest only as a number: a node may have hundreds.
    let matched = interfaces.filter { !$0.matchedBy.isEmpty || $0.state != "skipped" }
    let width = matched.map(\.name.count).max() ?? 0
    for interface in matched {
      let name = interface.name + String(repeating: " ", count: width - interface.name.count)
      var line = "  \(name)  \(interface.state)"
      if !interface.matchedBy.isEmpty {
        line += ", matched by \(interface.matchedBy.joined(separator: ", "))"
      }
      if let reason = interface.reason { line += ": \(reason)" }
      lines.append(line)
    }
    let others = interfaces.count - matched.count
    if others > 0 { lines.append("  \(others) more that no pattern matches") }
    lines += ["", "announcements (\(addressCount) addresses)"]
    for announcement in announcements {
      let place =
        announcement.interfaces.isEmpty
        ? "nowhere" : "on \(announcement.interfaces.joined(separator: ", "))"
      lines.append("  \(announcement.origin): \(summary(announcement.addresses)) \(place)")
      for reason in announcement.blocked { lines.append("    \(reason)") }
    }
    if announcesServices {
      lines.append("  and what the cluster's Services ask for")
      if givesAddresses { lines.append("  with addresses from the cluster's pools") }
    } else if announcements.isEmpty {
      lines.append("  none: this configuration announces nothing")
    }
    lines += ["", "lease"] + lease.lines.map { "  \($0)" }
    if !problems.isEmpty { lines += ["", "problems"] + problems.map { "  \($0)" } }
    if !warnings.isEmpty { lines += ["", "warnings"] + warnings.map { "  \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  private func summary(_ ranges: [String]) -> String {
    let shown = ranges.prefix(4).joined(separator: ", ")
    return ranges.count > 4 ? "\(shown) and \(ranges.count - 4) more" : shown
  }
}
