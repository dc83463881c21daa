internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Synchronization
internal import Time

/// What goes on beside the calls: one watch of all our Leases, and whatever time makes due.
final class LeaseWatch: Sendable {
  private let calls: KubernetesCalls
  private let table: SharedTable
  private let tasks = Mutex<[Task<Void, Never>]>([])

  /// How often what nobody needs is looked for.
  private static let tidyingPause = Duration.seconds(5)

  init(_ calls: KubernetesCalls) {
    self.calls = calls
    table = calls.table
  }

  /// Listens from now on; once.
  ///
  /// - Parameter timeToLive: of our session.
  func start(timeToLive: Duration) {
    tasks.withLock { tasks in
      guard tasks.isEmpty else { return }
      let (calls, table) = (calls, table)
      tasks = [
        Task { await Self.watch(calls, table, pace: Self.pace(timeToLive)) },
        Task { await Self.tend(calls, table, patience: timeToLive / 2) },
      ]
    }
  }

  func stop() {
    tasks.withLock { tasks in
      for task in tasks { task.cancel() }
    }
  }

  /// Our own renewals make an event every quarter of a TTL, or a little more. Where one stays out, a list
  /// takes the watch's place while that renewal still waits for its confirmation, which ends at 0.45 TTL:
  /// so a holder whose watch hangs keeps its session as long as the server lists, and hears what it lost.
  static func pace(_ timeToLive: Duration) -> ListWatchPace {
    var pace = ListWatchPace(silence: timeToLive * 2 / 5)
    pace.pauses = .milliseconds(30) ... .milliseconds(500)
    pace.pausesWhenRefused = .seconds(1) ... .seconds(2)
    pace.patience = max(timeToLive / 2, .seconds(2))
    return pace
  }

  // MARK: - The watch

  private static func watch(
    _ calls: KubernetesCalls, _ table: SharedTable, pace: ListWatchPace
  ) async {
    let watch = ListWatch(
      calls.client, path: calls.path, query: KubernetesCalls.selector,
      pageLimit: KubernetesCalls.pageLength, pace: pace)
    await watch.run { news in take(news, calls, table) }
  }

  private static func take(_ news: ListWatchNews, _ calls: KubernetesCalls, _ table: SharedTable) {
    switch news {
    case .listed(let pages, let version, let isRestored):
      takeList(pages, version, isRestored: isRestored, calls, table)
    case .event(let line): takeEvent(line, calls, table)
    case .listening: table.update { table, _ in table.note(nil, of: "") }
    case .quiet: break
    case .failed(let failure):
      let trouble = StoreFailure(failure, "watch the claims")
      table.update { table, _ in table.note(trouble, of: "") }
    case .absent:
      let trouble = StoreFailure(
        .misconfigured, "watch the claims: the server has no \(calls.path)")
      table.update { table, _ in table.note(trouble, of: "") }
    }
  }

  private static func takeList(
    _ pages: [[UInt8]], _ text: String, isRestored: Bool, _ calls: KubernetesCalls,
    _ table: SharedTable
  ) {
    let lists = pages.compactMap { LeasePage.reading($0) }
    guard lists.count == pages.count, let version = UInt64(text) else {
      return noteUnreadable("a list with version `\(text)`", calls, table)
    }
    let records = lists.flatMap(\.records)
    table.update { table, now in
      if isRestored {
        table.take(restored: records, version: version, at: now)
      } else {
        table.replace(records, version: version, at: now)
      }
    }
    // The differences are told already; but nobody knows what came and went in between.
    table.say(.missed)
  }

  private static func takeEvent(_ line: [UInt8], _ calls: KubernetesCalls, _ table: SharedTable) {
    guard let event = LeaseEvent.reading(line), let form = event.object else {
      return noteUnreadable("an event", calls, table)
    }
    if event.type == "BOOKMARK" {
      guard let version = form.metadata?.resourceVersion.flatMap({ UInt64($0) }) else { return }
      return table.update { table, now in table.passed(version, at: now) }
    }
    guard let record = LeaseRecord(form) else {
      return noteUnreadable("the version of `\(form.metadata?.name ?? "")`", calls, table)
    }
    table.update { table, now in
      table.apply(event: record, isDeletion: event.type == "DELETED", at: now)
    }
  }

  private static func noteUnreadable(
    _ what: String, _ calls: KubernetesCalls, _ table: SharedTable
  ) {
    let trouble = StoreFailure(
      .unintelligible,
      "watch the claims: \(what) of \(calls.path) makes no sense: versions have to be numbers")
    table.update { table, _ in table.note(trouble, of: "") }
  }

  // MARK: - Time

  /// Ends sessions whose time has passed, and deletes what nobody needs.
  private static func tend(
    _ calls: KubernetesCalls, _ table: SharedTable, patience: Duration
  ) async {
    var tidyAt = Instant.now + tidyingPause
    var ticks: Set<Instant> = []
    table.poke()
    await withDiscardingTaskGroup { group in
      for await _ in table.wakes {
        let now = Instant.now
        var due = table.update { table, now in table.takeEndings(at: now) }
        if now >= tidyAt {
          tidyAt = now + tidyingPause
          due += table.update { table, now in table.takeLitter(at: now) }
        }
        for task in due {
          group.addTask {
            switch task {
            case .end(let id, let lease, let version):
              await calls.end(id, lease: lease, version: version, until: .now + patience)
            case .delete(let lease, let uid, let version):
              await calls.delete(lease: lease, uid: uid, version: version, until: .now + patience)
            }
          }
        }
        let next = min(table.planWake(), tidyAt)
        // Ticks that were asked for earlier come, and do no harm.
        ticks = ticks.filter { $0 > now }
        if ticks.contains(where: { $0 <= next }) { continue }
        ticks.insert(next)
        group.addTask {
          try? await BootTimer.sleep(until: next)
          table.poke()
        }
      }
      group.cancelAll()
    }
  }
}
