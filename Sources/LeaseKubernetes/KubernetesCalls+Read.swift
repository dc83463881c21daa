internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Time

extension KubernetesCalls {
  /// Leases in one page.
  static let pageLength = 500

  /// Reads all our Leases, as they were at one version that is not older than the question.
  ///
  /// - Parameter deadline: of the next page: however many there are, the whole ends only where one does not come.
  func read(until deadline: @escaping @Sendable () -> Instant) async throws(StoreFailure)
    -> StorePicture
  {
    let mark = table.ask { $0.mark() }
    let (forms, version) = try await readEverything(
      "read the claims", Self.selector, until: deadline)
    let records = forms.compactMap { LeaseRecord($0) }
    let picture = table.update { table, now in
      table.take(list: records, version: version, since: mark, at: now) ? table.picture() : nil
    }
    guard let picture else { throw LeaseTable.historyTrouble }
    return picture
  }

  /// Reads all Leases that a query selects, as they were at the version that is returned with them.
  func readEverything(
    _ action: String, _ query: [(String, String)], until deadline: @escaping @Sendable () -> Instant
  ) async throws(StoreFailure) -> ([LeaseForm], UInt64) {
    try await attempting(action) { () async throws(APIFailure) -> ([LeaseForm], UInt64) in
      do throws(APIFailure) {
        return try await readPages(of: Self.pageLength, query, until: deadline)
      } catch {
        // It grew too old while it was read: all in one.
        guard error.kind == .gone else { throw error }
        return try await readPages(of: nil, query, until: deadline)
      }
    }
  }

  private func readPages(
    of length: Int?, _ selection: [(String, String)], until deadline: () -> Instant
  ) async throws(APIFailure) -> ([LeaseForm], UInt64) {
    var forms: [LeaseForm] = []
    var version: UInt64?
    var continuation: String?
    repeat {
      var query = selection
      if let length { query.append(("limit", "\(length)")) }
      if let continuation { query.append(("continue", continuation)) }
      let answer = try await call(
        .get, path, query: query, limit: APIClient.longestPage, until: deadline())
      guard let page = LeasePage.reading(answer), let newest = page.version else {
        throw APIFailure(
          .unintelligible, status: 200,
          text: "GET \(path): the answer is no list with a version that is a number")
      }
      // All pages are of the version of the first.
      version = version ?? newest
      forms += page.forms
      let next = page.metadata?.continue.flatMap { $0.isEmpty ? nil : $0 }
      guard next == nil || next != continuation else {
        throw APIFailure(
          .unintelligible, status: 200, text: "GET \(path): the list does not go on")
      }
      continuation = next
    } while continuation != nil
    return (forms, version ?? 0)
  }
}

extension LeasePage {
  var version: UInt64? { metadata?.resourceVersion.flatMap { UInt64($0) } }

  var forms: [LeaseForm] { (items ?? []).compactMap(\.lease) }

  var records: [LeaseRecord] { forms.compactMap { LeaseRecord($0) } }
}
