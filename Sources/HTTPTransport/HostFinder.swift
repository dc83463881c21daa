internal import LinuxSystem
internal import Synchronization
internal import Time

/// Finds the addresses of hosts by their names, one attempt a name at a time, however many calls want them.
///
/// An attempt goes on after a call has stopped waiting for it: a resolver may take longer than a call has, and the next
/// call uses what it found.
package final class HostFinder: Sendable {
  /// Asks the system; it may take as long as the resolver's configuration lets it (`resolv.conf(5)`).
  package typealias LookUp = @Sendable (String) -> Result<[String], LookUpFailure>

  /// Why there are no addresses, in the resolver's words.
  package struct LookUpFailure: Error, Hashable, Sendable {
    package let words: String

    package init(_ words: String) {
      self.words = words
    }
  }

  package enum Finding: Hashable, Sendable {
    /// Never empty.
    case found([String], took: Duration)
    case failed(String)
    /// Nothing has answered yet.
    case late
  }

  private struct Entry {
    var attempt: Task<Finding, Never>?
    var beganAt = Instant.distantPast
    var addresses: [String] = []
    var took = Duration.zero
    var foundAt = Instant.distantPast
    var failure: String?
    var failedAt = Instant.distantPast

    func isSlow(_ limit: Duration, at now: Instant) -> Bool {
      took > limit || failure != nil && now - failedAt < HostFinder.memory
        || attempt != nil && now - beganAt > limit
    }

    mutating func take(_ finding: Finding, at now: Instant) {
      attempt = nil
      switch finding {
      case .found(let addresses, let took):
        (self.addresses, self.took, foundAt) = (addresses, took, now)
        failure = nil
      case .failed(let words): (failure, failedAt) = (words, now)
      case .late: break
      }
    }

    /// What stands now; nil where an attempt has to be made, or goes on.
    func finding(at now: Instant) -> Finding? {
      if failure == nil, !addresses.isEmpty, now - foundAt < HostFinder.freshness {
        return .found(addresses, took: took)
      }
      if let failure, attempt == nil, now - failedAt < HostFinder.pause { return .failed(failure) }
      return nil
    }
  }

  /// How long what was found needs no look at the resolver.
  package static let freshness = Duration.seconds(10)
  /// How long a failure stands before it is tried again.
  private static let pause = Duration.seconds(1)

  /// How long a failure says something about the resolver.
  private static let memory = Duration.seconds(60)

  private let entries = Mutex<[String: Entry]>([:])
  private let lookUp: LookUp

  package init(_ lookUp: @escaping LookUp = systemLookUp) {
    self.lookUp = lookUp
  }

  /// - Parameter patience: counts from the beginning of the attempt, which may have been earlier. An attempt that
  ///   follows one that failed is not waited for.
  package func find(_ name: String, within patience: Duration) async -> Finding {
    let now = Instant.now
    if let known = entries.withLock({ $0[name]?.finding(at: now) }) { return known }
    let (attempt, deadline) = begin(name, at: now, patience)
    if let failure = entries.withLock({ $0[name]?.failure }) { return .failed(failure) }
    guard let attempt, deadline > now else {
      return entries.withLock { $0[name]?.finding(at: .now) } ?? .late
    }
    return await Self.outcome(of: attempt, until: deadline) ?? .late
  }

  /// What was found last, where the resolver is slow: then it is better to go there than to ask again. Has a new
  /// attempt made where it is old.
  ///
  /// A resolver that keeps another name waiting is slow for all: the HTTP client asks for one name after another.
  ///
  /// - Returns: nothing where the resolver is fast, or has found nothing yet.
  package func known(_ name: String, slowerThan limit: Duration) -> [String] {
    let now = Instant.now
    let (addresses, isOld) = entries.withLock { entries -> ([String], Bool) in
      guard let entry = entries[name], !entry.addresses.isEmpty,
        entries.values.contains(where: { $0.isSlow(limit, at: now) })
      else { return ([], false) }
      return (entry.addresses, now - entry.foundAt > Self.freshness)
    }
    if isOld { _ = begin(name, at: now, .zero) }
    return addresses
  }

  private func begin(
    _ name: String, at now: Instant, _ patience: Duration
  ) -> (attempt: Task<Finding, Never>?, deadline: Instant) {
    entries.withLock { entries in
      var entry = entries[name] ?? Entry()
      defer { entries[name] = entry }
      if entry.attempt == nil, entry.failure == nil || now - entry.failedAt >= Self.pause {
        entry.beganAt = now
        entry.attempt = Task { await self.attempt(name, since: now) }
      }
      return (entry.attempt, entry.beganAt + patience)
    }
  }

  private func attempt(_ name: String, since began: Instant) async -> Finding {
    let lookUp = lookUp
    let result = await withThread(named: "resolver") { lookUp(name) }
    let now = Instant.now
    let finding: Finding =
      switch result {
      case .success(let addresses) where !addresses.isEmpty:
        .found(addresses, took: now - began)
      case .success: .failed("it has no address")
      case .failure(let failure): .failed(failure.words)
      }
    entries.withLock { $0[name, default: Entry()].take(finding, at: now) }
    return finding
  }

  /// Nil where we left it at the deadline, or were cancelled; it goes on.
  private static func outcome(
    of attempt: Task<Finding, Never>, until deadline: Instant
  ) async -> Finding? {
    let (stream, continuation) = AsyncStream<Finding>.makeStream()
    let relay = Task {
      continuation.yield(await attempt.value)
      continuation.finish()
    }
    defer { relay.cancel() }
    return try? await withDeadline(deadline) {
      for await finding in stream { return finding }
      throw CancellationError()
    }
  }
}
