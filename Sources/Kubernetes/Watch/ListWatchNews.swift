/// What a `ListWatch` has to tell.
package enum ListWatchNews: Sendable {
  /// All objects there are, as the pages of a consistent list, and the version of that list. Whatever was
  /// known before is void.
  ///
  /// `isRestored`: the list is older than what was told before, as after a disaster, when the store under
  /// the server was put back from a backup. Versions from before are those of another history.
  case listed([[UInt8]], resourceVersion: String, isRestored: Bool)
  /// A line of the watch: an event or a bookmark, never an error.
  case event([UInt8])
  /// The watch listens: from here on news come as they happen. Again after every interruption.
  case listening
  /// The watch has heard nothing for a while, and the server says that all is well: it is begun again where it
  /// was. A server that has had no event of a kind sends no bookmarks for it either.
  case quiet
  /// News may be late. What is known stays what is known.
  case failed(APIFailure)
  /// The kind is not installed.
  case absent
}
