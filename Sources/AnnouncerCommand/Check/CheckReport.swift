internal import Announcer
internal import Configuration
internal import Control
internal import Daemon

/// What `announcer check` prints, for people and for JSON.
struct CheckReport: Encodable {
  struct Interface: Encodable {
    let name: String
    let state: String
    let matchedBy: [String]
    let reason: String?
    /// Whether it is passed over for no other reason than that no pattern matches.
    let isUnmatched: Bool

    private enum CodingKeys: String, CodingKey { case name, state, matchedBy, reason }
  }

  struct Announcement: Encodable {
    let origin: String
    let addresses: [String]
    let interfaces: [String]
    let blocked: [String]
  }

  /// A Service that wants to be announced and is not.
  struct Service: Encodable {
    let service: String
    let place: String?
    let reasons: [String]
  }

  let file: String
  let node: String
  let ok: Bool
  let addressCount: Int
  let interfaces: [Interface]
  let announcements: [Announcement]
  let unannounced: [Service]
  let lease: LeaseReport
  /// The places of the lease store; null where they were not tried.
  let store: [StoreReport]?
  let daemon: RunningDaemon
  let problems: [String]
  let warnings: [String]
  /// What could not be looked at, and why.
  let notChecked: [String]
  /// Whether more is announced than stands here.
  private let announcesServices: Bool
  private let givesAddresses: Bool

  private enum CodingKeys: String, CodingKey {
    case file, node, ok, addressCount, interfaces, announcements, unannounced, lease, store, daemon
    case problems, warnings, notChecked
  }

  init(
    _ configuration: Configuration, _ assessment: Assessment, _ daemon: RunningDaemon,
    store: StoreAssessment? = nil
  ) {
    file = configuration.file
    node = assessment.node
    lease = LeaseReport(configuration.lease)
    self.daemon = daemon
    self.store = store.map { $0.trials.map(StoreReport.init) }
    problems = Self.once(
      assessment.problems + lease.problems + (store?.problems ?? []) + daemon.problems)
    ok = problems.isEmpty
    notChecked = Self.once(assessment.notChecked + (store?.notChecked ?? []))
    // `local` knows this machine only, where one node is all that there can be.
    let companions =
      configuration.lease.backend == .local ? [] : daemon.companions.union(store?.nodes ?? [])
    addressCount = assessment.addressCount
    interfaces = assessment.verdicts.map {
      Interface(
        name: $0.name, state: $0.state.rawValue, matchedBy: $0.matchedBy.map(\.text),
        reason: $0.reason?.description, isUnmatched: $0.reason == .noPatternMatches)
    }
    announcements = assessment.announcements.map {
      Announcement(
        origin: $0.origin, addresses: $0.ranges, interfaces: $0.interfaces, blocked: $0.blocked)
    }
    unannounced = assessment.unannounced.map {
      Service(service: $0.service, place: $0.place, reasons: $0.reasons)
    }
    warnings = Self.once(
      configuration.notes + assessment.warnings + (store?.warnings ?? [])
        + (companions.isEmpty ? [] : configuration.notes(onNodesBeside: companions)))
    announcesServices = configuration.kubernetes?.announcesServices ?? false
    givesAddresses = configuration.kubernetes?.givesAddresses ?? false
  }

  var text: String {
    var lines = ["\(file): \(ok ? "right for" : "NOT right for") node \(node)\(counts)", ""]
    lines.append("interfaces")
    // What no pattern names is of interest only as a number: a node may have hundreds. Without any pattern
    // each has a reason of its own, and the first few tell what kind they are of.
    let matched = interfaces.filter { !$0.matchedBy.isEmpty || $0.state != "skipped" }
    let passedOver = interfaces.filter { $0.matchedBy.isEmpty && $0.state == "skipped" }
    let unmatched = passedOver.count { $0.isUnmatched }
    let skipped = passedOver.filter { !$0.isUnmatched }
    let shown = matched + skipped.prefix(Self.shownSkipped)
    let names = shown.map { printable($0.name) }
    let width = names.map(\.count).max() ?? 0
    for (interface, shownName) in zip(shown, names) {
      let name = shownName + String(repeating: " ", count: width - shownName.count)
      var line = "  \(name)  \(interface.state)"
      if !interface.matchedBy.isEmpty {
        line += ", matched by \(interface.matchedBy.joined(separator: ", "))"
      }
      if let reason = interface.reason { line += ": \(reason)" }
      lines.append(line)
    }
    if skipped.count > Self.shownSkipped {
      lines.append("  \(skipped.count - Self.shownSkipped) more skipped (--output json lists them)")
    }
    if unmatched > 0 { lines.append("  \(unmatched) more that no pattern matches") }
    let number = addressCount == 1 ? "1 address" : "\(addressCount) addresses"
    lines += ["", "announcements (\(number))"]
    // Several requests may come to the same.
    var entries: Set<[String]> = []
    for announcement in announcements {
      let place =
        announcement.interfaces.isEmpty
        ? "nowhere" : "on \(announcement.interfaces.joined(separator: ", "))"
      let entry =
        ["  \(announcement.origin): \(summary(announcement.addresses)) \(place)"]
        + announcement.blocked.map { "    \($0)" }
      if entries.insert(entry).inserted { lines += entry }
    }
    if announcesServices {
      lines.append("  and what the cluster's Services ask for")
      if givesAddresses { lines.append("  with addresses from the cluster's pools") }
    } else if announcements.isEmpty {
      lines.append("  none: this configuration announces nothing")
    }
    lines += unannouncedLines
    lines += ["", "lease"] + lease.lines.map { "  \($0)" }
    if let store { lines += ["", "the lease store"] + store.map { "  \($0.line)" } }
    lines += ["", "the running daemon"] + daemon.lines(now: .now).map { "  \($0)" }
    if !notChecked.isEmpty { lines += ["", "not checked"] + notChecked.map { "  \($0)" } }
    if !problems.isEmpty { lines += ["", "problems"] + problems.map { "  \($0)" } }
    if !warnings.isEmpty { lines += ["", "warnings"] + warnings.map { "  \($0)" } }
    if ok, let advice = daemon.advice { lines += ["", advice] }
    // Names of interfaces, Services and files are other people's text.
    return lines.map(printable).joined(separator: "\n") + "\n"
  }

  /// What there is to read below the first line, in numbers.
  private var counts: String {
    let parts = [("problem", problems.count), ("warning", warnings.count)].filter { $0.1 > 0 }
      .map { "\($0.1) \($0.0)\($0.1 == 1 ? "" : "s")" }
    return parts.isEmpty ? "" : ", with \(parts.joined(separator: " and "))"
  }

  private static let shownSkipped = 6
  private static let shownServices = 12

  private var unannouncedLines: [String] {
    guard !unannounced.isEmpty else { return [] }
    let number = unannounced.count == 1 ? "1 Service" : "\(unannounced.count) Services"
    var lines = ["", "not announced (\(number))"]
    for entry in unannounced.prefix(Self.shownServices) {
      let place = entry.place.map { ", \($0)" } ?? ""
      lines.append("  \(entry.service)\(place): \(entry.reasons.joined(separator: "; "))")
    }
    if unannounced.count > Self.shownServices {
      lines.append("  \(unannounced.count - Self.shownServices) more (--output json lists them)")
    }
    return lines
  }

  /// Each line once, where it came first.
  private static func once(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
  }

  private func summary(_ ranges: [String]) -> String {
    let shown = ranges.prefix(4).joined(separator: ", ")
    return ranges.count > 4 ? "\(shown) and \(ranges.count - 4) more" : shown
  }
}
