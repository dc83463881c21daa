internal import HTTPTransport
internal import LinuxSystem
package import Time

extension APIClient {
  /// A whole collection, as it was at one version.
  package struct Listing: Sendable {
    /// The bodies of the answers, in their order.
    package let pages: [[UInt8]]
    package let resourceVersion: String
  }

  /// Reads all objects of a collection, not older than the question.
  ///
  /// A list that grew too old while it was read in pages is read again in one.
  ///
  /// - Parameters:
  ///   - query: what to select by: `labelSelector`, `fieldSelector`.
  ///   - pageLimit: objects in a page.
  ///   - patience: how long each page may take.
  ///   - deadline: when nobody waits for it any more.
  ///
  /// Source: Kubernetes documentation, "Retrieving large results sets in chunks" in "Kubernetes API
  /// Concepts".
  package func list(
    _ path: String, query: [(String, String)] = [], pageLimit: Int = 500, patience: Duration,
    until deadline: Instant = .distantFuture
  ) async throws(APIFailure) -> Listing {
    var hasBegun = false
    do throws(APIFailure) {
      return try await pages(path, query, pageLimit, patience, deadline) { hasBegun = true }
    } catch {
      guard error.kind == .gone, hasBegun else { throw error }
      return try await pages(path, query, nil, patience, deadline) {}
    }
  }

  /// Where the server's history stands: the version of a list of now, of which one object at most is read.
  func version(
    of path: String, query: [(String, String)], patience: Duration
  ) async throws(APIFailure) -> String {
    let octets = try await call(
      .get, path, query: query + [("limit", "1")], limit: Self.longestPage, until: .now + patience)
    return try page(octets, path).resourceVersion
  }

  private func page(_ octets: [UInt8], _ path: String) throws(APIFailure) -> ListPage {
    guard let page = ListPage(octets) else {
      throw APIFailure(
        .unintelligible, status: 200,
        text: "\(action(.get, path)): the answer is no list of objects with a version")
    }
    return page
  }

  private func pages(
    _ path: String, _ selection: [(String, String)], _ pageLimit: Int?, _ patience: Duration,
    _ deadline: Instant, _ begun: () -> Void
  ) async throws(APIFailure) -> Listing {
    var pages: [[UInt8]] = []
    var version = ""
    var continuation: String?
    repeat {
      var query = selection
      if let pageLimit { query.append(("limit", "\(pageLimit)")) }
      if let continuation { query.append(("continue", continuation)) }
      let octets = try await call(
        .get, path, query: query, limit: Self.longestPage, until: min(.now + patience, deadline))
      let page = try page(octets, path)
      pages.append(octets)
      version = page.resourceVersion
      guard page.continuation == nil || page.continuation != continuation else {
        throw APIFailure(
          .unintelligible, status: 200,
          text: "\(action(.get, path)): the list does not go on where it said")
      }
      continuation = page.continuation
      begun()
    } while continuation != nil
    return Listing(pages: pages, resourceVersion: version)
  }
}
