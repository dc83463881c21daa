internal import Announcer
internal import Configuration
internal import Wire

extension SelectionNote {
  /// The note with the policies that the pattern is from, where the configuration does not have it itself.
  func text(in configuration: Configuration, policies: [String]) -> String {
    guard let pattern else { return description }
    let isStated =
      configuration.interfaces.contains(pattern)
      || configuration.requests.contains { ($0.patterns + $0.narrower).contains(pattern) }
    return isStated || policies.isEmpty ? description : "\(policies.fewAndACount): \(self)"
  }
}

extension Coordinator {
  /// What is worth saying of the patterns, with the policies that they are from.
  var selectionNotes: [String] {
    snapshot.unconfirmedNotes.map { note in
      note.text(
        in: configuration, policies: note.pattern.map(parts.cluster.policies(withPattern:)) ?? [])
    }
  }
}

extension AnnouncementRequest {
  /// The same request for one address of each family that it has: what is decided for those is decided for
  /// all.
  var sample: AnnouncementRequest {
    var sample = self
    let first = [false, true].compactMap { isIPv6 in
      ranges.first { $0.lower.isIPv6 == isIPv6 }?.lower
    }
    sample.ranges = first.map { IPRange($0) }
    return sample
  }
}

extension [String] {
  /// `a; b; c; and 7 more`.
  var fewAndACount: String {
    let shown = prefix(3).joined(separator: "; ")
    return count > 3 ? "\(shown); and \(count - 3) more" : shown
  }
}
