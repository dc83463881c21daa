package import Cluster
internal import Synchronization

/// Watches the kinds of objects from which it follows what is to be announced.
package final class ClusterWatch: Sendable {
  /// Whatever happens, in the order in which it happened to each kind. For one reader; ends with `run`.
  package let news: AsyncStream<ClusterNews>
  private let continuation: AsyncStream<ClusterNews>.Continuation
  private let watches: [ClusterObject.Kind: KindWatch]

  /// - Parameter kinds: those to watch.
  package init(
    _ client: APIClient, kinds: some Sequence<ClusterObject.Kind> = ClusterObject.Kind.allCases,
    pace: ListWatchPace = .objects
  ) {
    let (news, continuation) = AsyncStream<ClusterNews>.makeStream()
    self.news = news
    self.continuation = continuation
    watches = Dictionary(
      kinds.map { kind in
        (kind, KindWatch(client, kind, pace: pace) { continuation.yield($0) })
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Watches until the task is cancelled; once.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      for watch in watches.values { group.addTask { await watch.run() } }
    }
    continuation.finish()
  }

  /// How each watch is doing.
  package var standings: [ClusterObject.Kind: KindStanding] { watches.mapValues(\.standing) }
}
