extension StatusText {
  /// A line for every source: `manifests /etc/announcer/manifests.d, synced: 12 Service, 2 Node`.
  var sources: [String] {
    status.sources.enumerated().flatMap { index, source in
      item(index == 0 ? "sources" : "", Self.text(of: source), tone: Self.tone(of: source))
    }
  }

  private static func text(of source: SourceStatus) -> String {
    var text = "\(source.name) \(source.place), \(source.state.rawValue)"
    if let error = source.error { return "\(text): \(error)" }
    let counts = source.objects.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }
    if source.state == .synced {
      text += ": \(counts.isEmpty ? "no objects" : counts.joined(separator: ", "))"
    }
    return text
  }

  private static func tone(of source: SourceStatus) -> TerminalStyle.Tone? {
    switch source.state {
    case .synced: nil
    case .waiting: .caution
    default: .bad
    }
  }
}
