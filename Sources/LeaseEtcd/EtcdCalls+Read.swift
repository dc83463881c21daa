internal import FoundationEssentials
internal import Lease
internal import Time
internal import Wire

extension EtcdCalls {
  /// Keys in one page.
  static let pageLength: Int64 = 1000
  /// More keys than this below a prefix are not the announcers'.
  static let mostKeys = 200_000

  /// Reads everything below the prefix, as it was at one revision that is not older than the question.
  func read(until deadline: Instant) async throws(StoreFailure) -> StorePicture {
    try await connection.perform("read the claims", until: deadline) {
      endpoint async throws(EtcdFailure) -> StorePicture in
      try await read(on: endpoint, until: deadline).picture
    }
  }

  /// The same on one endpoint, with what the watch needs to go on from there.
  func read(
    on endpoint: EtcdEndpoint, until deadline: Instant
  ) async throws(EtcdFailure) -> EtcdReading {
    var reading = EtcdReading(keys: keys, isOwn: sessions.isOwn)
    let revision = try await everyKey(on: endpoint, until: deadline) { key in
      if let key {
        reading.add(key)
      } else {
        reading = EtcdReading(keys: keys, isOwn: sessions.isOwn)
      }
    }
    reading.revision = revision
    news.replace(reading.troubles)
    return reading
  }

  /// Reads every key below the prefix, page by page, as they were at the revision that it returns.
  ///
  /// - Parameter take: is given each key; nil means to begin anew.
  func everyKey(
    on endpoint: EtcdEndpoint, until deadline: Instant, _ take: (KeyValue?) -> Void
  ) async throws(EtcdFailure) -> Int64 {
    while true {
      do throws(EtcdFailure) {
        return try await everyPage(on: endpoint, until: deadline, take)
      } catch {
        // Compacted between two pages: from the start, as it is now.
        guard error.meaning == .compacted else { throw error }
        take(nil)
      }
    }
  }

  private func everyPage(
    on endpoint: EtcdEndpoint, until deadline: Instant, _ take: (KeyValue) -> Void
  ) async throws(EtcdFailure) -> Int64 {
    var revision: Int64 = 0
    var request = RangeRequest(key: keys.first, rangeEnd: keys.end, limit: Self.pageLength)
    var count = 0
    while true {
      let page: RangeAnswer = try await connection.post(
        "/v3/kv/range", request, to: endpoint, until: deadline)
      let found = page.keyValues ?? []
      if request.revision == nil { revision = page.header?.revision ?? 0 }
      for key in found { take(key) }
      count += found.count
      guard page.more ?? false, let last = found.last else { return revision }
      guard count < Self.mostKeys else {
        throw EtcdFailure(
          .misconfigured, "more than \(count) keys below \(keys.prefix)/, which is not ours alone")
      }
      // The key after the last one, at the revision of the first page.
      request.key = last.key + [0]
      request.revision = revision
    }
  }
}
