internal import HTTPTransport
internal import LinuxSystem
internal import Time

/// Keeps one consumer in step with one collection of objects, for ever: a list, then a watch from there,
/// and another list where the thread is lost.
///
/// A watch that falls silent is deaf, since servers send bookmarks; but not before the first event of a kind. So
/// one that has said nothing at all may only be quiet (`ListWatchPace.quiet`): the server is asked how it is, and
/// the watch begins again where it was, which brings whatever a deaf one has missed.
///
/// A server that was away may come back with an older history, where its store was put back from a backup.
/// A watch from a version that it has not reached yet would be silent until it has: so it is asked first.
///
/// Source: Kubernetes documentation, "Efficient detection of changes" in "Kubernetes API Concepts".
package struct ListWatch: Sendable {
  /// Finds the collection's path; nil where it is certain that there is no such collection.
  package typealias FindPath = @Sendable () async throws(APIFailure) -> String?

  private let client: APIClient
  private let findPath: FindPath?
  private let fixedPath: String
  private let query: [(String, String)]
  private let pageLimit: Int
  private let pace: ListWatchPace

  /// A collection whose path is known; `.absent` is told when the server answers 404.
  ///
  /// - Parameters:
  ///   - query: what to select by: `labelSelector`, `fieldSelector`.
  ///   - pageLimit: objects in a page of a list.
  package init(
    _ client: APIClient, path: String, query: [(String, String)] = [], pageLimit: Int = 500,
    pace: ListWatchPace = ListWatchPace()
  ) {
    self.client = client
    fixedPath = path
    findPath = nil
    self.query = query
    self.pageLimit = pageLimit
    self.pace = pace
  }

  /// A collection whose path has to be asked for, first of all and whenever the server answers 404.
  /// `.absent` is told when `findPath` says so: a 404 alone may be a gateway's.
  package init(
    _ client: APIClient, query: [(String, String)] = [], pageLimit: Int = 500,
    pace: ListWatchPace = ListWatchPace(), findPath: @escaping FindPath
  ) {
    self.client = client
    fixedPath = ""
    self.findPath = findPath
    self.query = query
    self.pageLimit = pageLimit
    self.pace = pace
  }

  package init(
    _ client: APIClient, path: String, query: [(String, String)] = [], pageLimit: Int = 500,
    silence: Duration
  ) {
    self.init(
      client, path: path, query: query, pageLimit: pageLimit, pace: ListWatchPace(silence: silence))
  }

  /// Where a watch stands.
  private struct Position {
    var path: String?
    /// Nil where the thread is lost: list first.
    var version: String?
    /// The newest version that was told; 0 where versions are no numbers.
    var newest: UInt64 = 0
    /// Since when the watch listens; nil where it does not.
    var listensSince: Instant?
    /// Whether the connection to it has failed since.
    var wasAway = false
    /// Whether the watch was ended because it was quiet.
    var isQuiet = false
    /// When the server last said anything about the collection.
    var heardAt = Instant.distantPast

    /// Whether a version is from before what was told.
    func isPast(_ version: String) -> Bool { UInt64(version).map { $0 < newest } ?? false }

    var hasLasted: Bool { listensSince.map { Instant.now - $0 > .seconds(1) } ?? false }
  }

  /// Runs until its task is cancelled. `tell` is called by one at a time, and its time is the server's:
  /// what is not taken is not read.
  package func run(_ tell: @escaping @Sendable (ListWatchNews) async -> Void) async {
    var position = Position()
    var backOff = BackOff(pace.pauses)
    while !Task.isCancelled {
      var pause: Duration?
      position.listensSince = nil
      do throws(APIFailure) {
        if position.path == nil {
          position.path = if let findPath { try await findPath() } else { fixedPath }
        }
        if let path = position.path {
          if position.version != nil, position.wasAway || position.isQuiet {
            let present = try await client.version(of: path, query: query, patience: pace.patience)
            if position.isPast(present) { position.version = nil }
          }
          if position.isQuiet { await tell(.quiet) }
          (position.wasAway, position.isQuiet) = (false, false)
          if position.version == nil {
            let listing = try await client.list(
              path, query: query, pageLimit: pageLimit, patience: pace.patience)
            let version = listing.resourceVersion
            let isRestored = position.isPast(version)
            position.version = version
            position.newest = UInt64(version) ?? 0
            position.heardAt = .now
            await tell(
              .listed(listing.pages, resourceVersion: version, isRestored: isRestored))
          }
          try await watch(path, &position, tell)
          // The server has ended it, as it was asked to after a while; or at once, which must not go on.
          pause = position.hasLasted ? nil : backOff.next()
        } else {
          await tell(.absent)
          pause = .random(in: pace.pausesWhenAbsent)
        }
      } catch {
        if error.kind == .cancelled, Task.isCancelled { return }
        position.wasAway = true
        if position.hasLasted { backOff.reset() }
        pause = await self.pause(after: error, &position, &backOff, tell)
      }
      if pause == nil { backOff.reset() }
      // However the watch ended, those of all nodes may have ended with it.
      let rest = pause ?? .random(in: .zero...pace.pauses.lowerBound)
      try? await BootTimer.sleep(for: rest)
    }
  }

  private func pause(
    after failure: APIFailure, _ position: inout Position, _ backOff: inout BackOff,
    _ tell: (ListWatchNews) async -> Void
  ) async -> Duration {
    switch failure.kind {
    case .gone:
      // The way of things after a while without a connection: no trouble.
      position.version = nil
      return backOff.next()
    case .notFound:
      (position.path, position.version) = (nil, nil)
      if findPath == nil {
        await tell(.absent)
        return .random(in: pace.pausesWhenAbsent)
      }
      await tell(.failed(failure))
      return backOff.next()
    case .refused:
      await tell(.failed(failure))
      return .random(in: pace.pausesWhenRefused)
    default:
      await tell(.failed(failure))
      let pause = backOff.next()
      guard let least = failure.retryAfter, least > .zero else { return pause }
      // Not all of them in the moment that was named.
      return max(pause, least * Double.random(in: 1...1.25))
    }
  }

  /// Tells what happens until the server ends the watch.
  private func watch(
    _ path: String, _ position: inout Position,
    _ tell: @escaping @Sendable (ListWatchNews) async -> Void
  ) async throws(APIFailure) {
    let start = position.version ?? ""
    let query =
      query + [
        ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", start),
        ("timeoutSeconds", "\(Int.random(in: pace.watchSeconds))"),
      ]
    let progress = WatchProgress(from: start)
    defer {
      position.version = progress.version
      position.newest = progress.newest
      position.listensSince = progress.listensSince
      if let heardAt = progress.heardAt { position.heardAt = heardAt }
    }
    let action = "watch \(path) on \(client.access.server.text)"
    do throws(APIFailure) {
      try await client.follow(
        path, query: query, patience: min(pace.patience, pace.silence), silence: pace.silence
      ) {
        progress.listens()
        await tell(.listening)
      } take: { line throws(APIFailure) in
        progress.hears()
        guard let envelope = EventEnvelope(line) else {
          let text = String(decoding: line.prefix(200), as: UTF8.self).oneLine
          throw APIFailure(.unintelligible, text: "\(action): this is no event: \(text)")
        }
        if case .error(let status) = envelope.kind {
          // Whatever it was, going on from here may lead to the same.
          progress.loseThread()
          throw APIFailure(status, action: action)
        }
        await tell(.event(line))
        if let version = envelope.resourceVersion { progress.reached(version) }
      }
    } catch {
      let wasSilent = error.kind == .timedOut && progress.listensSince != nil
      if wasSilent, pace.quiet > .zero, progress.heardAt == nil {
        position.isQuiet = true
        // Whatever keeps it from hearing may outlast it.
        if Instant.now - position.heardAt >= pace.quiet { progress.loseThread() }
        return
      }
      if wasSilent || error.kind == .unintelligible { progress.loseThread() }
      throw error
    }
  }
}

extension Duration {
  static func random(in range: ClosedRange<Duration>) -> Duration {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double.random(in: 0...1)
  }
}
