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
    while true {
      do throws(EtcdFailure) {
        let reading = try await readPages(on: endpoint, until: deadline)
        news.replace(reading.troubles)
        return reading
      } catch {
        // Compacted between two pages: from the start, as it is now.
        guard error.meaning == .compacted else { throw error }
      }
    }
  }

  private func readPages(
    on endpoint: EtcdEndpoint, until deadline: Instant
  ) async throws(EtcdFailure) -> EtcdReading {
    var reading = EtcdReading(keys: keys, isOwn: sessions.isOwn)
    var request = RangeRequest(key: keys.first, rangeEnd: keys.end, limit: Self.pageLength)
    var count = 0
    while true {
      let page: RangeAnswer = try await connection.post(
        "/v3/kv/range", request, to: endpoint, until: deadline)
      let found = page.keyValues ?? []
      if request.revision == nil { reading.revision = page.header?.revision ?? 0 }
      for key in found { reading.add(key) }
      count += found.count
      guard page.more ?? false, let last = found.last else { return reading }
      guard count < Self.mostKeys else {
        throw EtcdFailure(
          .misconfigured, "more than \(count) keys below \(keys.prefix)/, which is not ours alone")
      }
      // The key after the last one, at the revision of the first page.
      request.key = last.key + [0]
      request.revision = reading.revision
    }
  }
}
