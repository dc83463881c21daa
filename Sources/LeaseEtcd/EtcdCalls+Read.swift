internal import FoundationEssentials
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

extension EtcdCalls {
  /// Of all pages, how often to begin again where the store forgets a revision while it is read.
  private static let mostBeginnings = 3

  /// Reads everything below the prefix, as it was at one revision that is not older than the question.
  ///
  /// - Parameters:
  ///   - within: for each page: however many there are, the whole ends only where one of them does not come.
  ///   - progress: is called with each page.
  func read(
    within: Duration, progress: @Sendable () -> Void
  ) async throws(StoreFailure) -> StorePicture {
    try await connection.perform("read the claims", until: .now + within) {
      endpoint async throws(EtcdFailure) -> StorePicture in
      let reading = try await read(on: endpoint, isForWatch: false) {
        progress()
        return .now + within
      }
      news.replace(reading.troubles)
      return reading.picture
    }
  }

  /// The same on one endpoint, with what the watch needs to go on from there.
  ///
  /// - Parameters:
  ///   - isForWatch: for what the watch needs alone: no value is read.
  ///   - deadline: of the next page.
  func read(
    on endpoint: EtcdEndpoint, isForWatch: Bool, until deadline: () -> Instant
  ) async throws(EtcdFailure) -> EtcdReading {
    var reading = EtcdReading(keys: keys, isOwn: sessions.isOwn, isForWatch: isForWatch)
    reading.revision = try await everyKey(
      on: endpoint, isWithoutValues: isForWatch, until: deadline
    ) { key in
      if let key {
        reading.add(key)
      } else {
        reading = EtcdReading(keys: keys, isOwn: sessions.isOwn, isForWatch: isForWatch)
      }
    }
    return reading
  }

  /// Reads every key below the prefix that may be an announcer's, and some of others, page by page, as they were at
  /// the revision that it returns.
  ///
  /// - Parameters:
  ///   - deadline: of the next page.
  ///   - take: is given each key; nil means to begin again.
  func everyKey(
    on endpoint: EtcdEndpoint, isWithoutValues: Bool = false, until deadline: () -> Instant,
    _ take: (KeyValue?) -> Void
  ) async throws(EtcdFailure) -> Int64 {
    var beginnings = 1
    while true {
      do throws(EtcdFailure) {
        return try await everyPage(
          on: endpoint, EtcdPages(keys, isWithoutValues: isWithoutValues), until: deadline, take)
      } catch {
        // Compacted between two pages: from the start, as it is now.
        guard error.meaning == .compacted, beginnings < Self.mostBeginnings else { throw error }
        beginnings += 1
        take(nil)
      }
    }
  }

  private func everyPage(
    on endpoint: EtcdEndpoint, _ pages: EtcdPages, until deadline: () -> Instant,
    _ take: (KeyValue) -> Void
  ) async throws(EtcdFailure) -> Int64 {
    var pages = pages
    while let request = pages.request {
      let page: RangeAnswer
      do throws(EtcdFailure) {
        page = try await connection.post("/v3/kv/range", request, to: endpoint, until: deadline())
      } catch {
        guard error.meaning == .answerTooLong, pages.shorten() else { throw error }
        continue
      }
      for key in try pages.take(page) { take(key) }
    }
    return pages.revision
  }
}
