internal import Time

/// What the store's thread has to do later, in order of time.
struct Timers {
  enum Job {
    /// Look at a file again.
    case recheck(String, attempt: Int)
    /// New files have had their time.
    case settled((LocalEngine) -> Void)
    case fullCheck
  }

  private var jobs: [(due: Instant, job: Job)] = []

  /// When the next job is due; `distantFuture` for none.
  var nextDue: Instant { jobs.last?.due ?? .distantFuture }

  /// Keeps the earliest job last, where it is cheap to take; those of one instant in their order.
  mutating func schedule(at due: Instant, _ job: Job) {
    var low = 0
    var high = jobs.count
    while low < high {
      let middle = (low + high) / 2
      if jobs[middle].due > due { low = middle + 1 } else { high = middle }
    }
    jobs.insert((due, job), at: low)
  }

  /// Takes the earliest job when it is due.
  mutating func take(dueAt now: Instant) -> Job? {
    guard let last = jobs.last, last.due <= now else { return nil }
    jobs.removeLast()
    return last.job
  }
}
