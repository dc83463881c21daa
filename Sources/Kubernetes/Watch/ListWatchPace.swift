/// How patient a `ListWatch` is.
package struct ListWatchPace: Hashable, Sendable {
  /// A watch without an event or a bookmark for so long is not trusted. Servers send a bookmark about every
  /// minute.
  package var silence: Duration
  /// For how long after its last word a watch may be silent that has said nothing since it began: a server
  /// sends no bookmarks before the kind's first event. It is confirmed at every `silence`, which costs one
  /// object; when the time is up everything is read. Zero: no watch may be silent.
  package var quiet: Duration = .zero
  /// Between attempts that fail.
  package var pauses: ClosedRange<Duration> = .milliseconds(100) ... .seconds(30)
  /// Where a right is missing: somebody has to grant it first.
  package var pausesWhenRefused: ClosedRange<Duration> = .seconds(10) ... .seconds(30)
  /// Where the kind is not installed.
  package var pausesWhenAbsent: ClosedRange<Duration> = .seconds(8) ... .seconds(12)
  /// How long one page of a list may take, and the head of a watch's answer.
  package var patience: Duration = .seconds(15)
  /// How long the server is asked to keep a watch, in whole seconds.
  package var watchSeconds: ClosedRange<Int> = 300...600

  package init(silence: Duration = .seconds(150)) {
    self.silence = silence
  }

  /// For the objects of a cluster, of which many kinds do not change for days.
  package static let objects: ListWatchPace = {
    var pace = ListWatchPace()
    pace.quiet = .seconds(1800)
    return pace
  }()
}
