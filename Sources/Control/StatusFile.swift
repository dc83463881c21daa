/// The lines of the status about the configuration file.
extension StatusText {
  /// What has become of the file since it was loaded: nothing, where it says what is in force.
  var file: [String] {
    let refusal = status.configuration.error
    guard let disk = status.configuration.onDisk else {
      return refusal.map { refused("was refused", $0.split(separator: "\n").map(String.init)) }
        ?? []
    }
    let changed = disk.changedAt.map { ", \(TextLayout.age(of: $0, at: now)) ago" } ?? ""
    let since = disk.changedAt.map { " at \($0)" } ?? ""
    switch disk.state {
    case .inForce: return []
    case .reload:
      return item(
        "",
        "the file changed on disk\(since)\(changed), and is not loaded: "
          + "systemctl reload announcer",
        tone: .caution)
    case .restart where refusal != disk.lines.joined(separator: "\n"):
      return item(
        "",
        "the file changed on disk\(since)\(changed), and needs a restart: systemctl restart announcer",
        tone: .caution)
    case .refused where refusal != disk.lines.joined(separator: "\n"):
      return refused("would be refused by a reload", disk.lines)
    default: return refused("was refused", disk.lines)
    }
  }

  private func refused(_ what: String, _ lines: [String]) -> [String] {
    item("", "the file on disk \(what), this one stays in force:", tone: .bad)
      + lines.flatMap { item("", $0, tone: .bad) }
  }
}
