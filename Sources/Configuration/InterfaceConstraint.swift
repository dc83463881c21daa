package import Announcer

/// Which links an announcement may use, by name: every list must match, each by any of its patterns.
///
/// An announcement's own list narrows the default list and does not replace it, so that an operator
/// who takes an interface off the default takes it off everything.
package struct InterfaceConstraint: Hashable, Sendable {
  /// The default list and the announcement's own, where they are written. None means every link
  /// that can carry announcements.
  package var lists: [[InterfacePattern]]

  package init(lists: [[InterfacePattern]]) {
    self.lists = lists
  }

  package func matches(_ name: String) -> Bool {
    lists.allSatisfy { list in list.contains { $0.matches(name) } }
  }

  /// Whether a pattern asks for exactly this link, which lets it pass where links of its kind are
  /// skipped. One list is enough: the other has to match as well, but need not be as exact.
  package func names(exactly name: String) -> Bool {
    matches(name) && lists.joined().contains { $0.names(exactly: name) }
  }

  /// The patterns that match the name, in the order of the file and without repeats.
  package func patterns(matching name: String) -> [InterfacePattern] {
    var found: [InterfacePattern] = []
    for pattern in lists.joined() where pattern.matches(name) && !found.contains(pattern) {
      found.append(pattern)
    }
    return found
  }
}
