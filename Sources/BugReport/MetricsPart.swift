internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

extension ReportPart {
  /// The daemon's metrics, as a scraper gets them.
  ///
  /// - Parameter place: `127.0.0.1:9717`.
  package static func metrics(at place: String) -> ReportPart {
    ReportPart("metrics.txt", "http://\(place)/metrics") {
      let client = HTTPClient(eventLoopGroupProvider: .singleton)
      do {
        let response = try await client.execute(
          HTTPClientRequest(url: "http://\(place)/metrics"), timeout: .seconds(5))
        let body = try await response.body.collect(upTo: Report.longestPart)
        try await client.shutdown()
        guard response.status.code == 200 else {
          throw Failure("the server answers \(response.status.code)")
        }
        return String(buffer: body)
      } catch {
        try? await client.shutdown()
        throw error
      }
    }
  }
}
