internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Time

/// What a store's calls share; they are in extensions, by subject.
struct KubernetesCalls: Sendable {
  let client: APIClient
  let path: String
  let table: SharedTable
  let notes: ClaimNotes

  init(_ client: APIClient, namespace: String, table: SharedTable, notes: ClaimNotes) {
    self.client = client
    path = "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases"
    self.table = table
    self.notes = notes
  }

  /// The selector of all our Leases.
  static let selector = [
    ("labelSelector", "\(Annotations.manager.key)=\(Annotations.manager.value)")
  ]

  // MARK: - One Lease

  /// Reads one Lease; nil where there is none. The answer is not older than the question.
  func get(
    _ name: String, lane: APIClient.Lane = .others, until deadline: Instant
  ) async throws(APIFailure) -> LeaseRecord? {
    do throws(APIFailure) {
      return try await exchange(.get, name, lane: lane, until: deadline)
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  /// What became of a guarded write.
  enum Written: Sendable {
    case done(LeaseRecord)
    /// There is one of that name, or it is not as it was.
    case conflict
    /// There is none of that name.
    case missing
  }

  /// Makes a Lease where there is none of that name.
  func create(
    _ name: String, _ write: LeaseWrite, until deadline: Instant
  ) async throws(APIFailure) -> Written {
    do throws(APIFailure) {
      let body = write.creating(name)
      return .done(try await exchange(.post, name, body, lane: .others, until: deadline))
    } catch {
      // Not found would be the namespace.
      guard error.kind == .conflict else { throw error }
      return .conflict
    }
  }

  /// Changes a Lease that is as it was at `version`.
  func patch(
    _ name: String, _ version: UInt64, _ write: LeaseWrite, lane: APIClient.Lane = .others,
    until deadline: Instant
  ) async throws(APIFailure) -> Written {
    do throws(APIFailure) {
      let body = write.patching(version)
      return .done(try await exchange(.patch, name, body, lane: lane, until: deadline))
    } catch {
      switch error.kind {
      case .conflict: return .conflict
      case .notFound: return .missing
      default: throw error
      }
    }
  }

  /// One call about one Lease; the table learns what it is now.
  private func exchange(
    _ method: APIClient.Method, _ name: String, _ body: [UInt8]? = nil, lane: APIClient.Lane,
    until deadline: Instant
  ) async throws(APIFailure) -> LeaseRecord {
    let path = method == .post ? path : "\(path)/\(name)"
    let mark = table.ask { $0.mark(of: name) }
    let answer = try await call(method, path, body: body, lane: lane, until: deadline)
    guard let record = LeaseForm.reading(answer).flatMap({ LeaseRecord($0) }) else {
      throw APIFailure(
        .unintelligible, mayHaveTakenEffect: true,
        text: "\(method.rawValue) \(path): the answer is no Lease with a version that is a number")
    }
    let isOfThisHistory = table.update {
      $0.take(answer: record, since: mark, isWrite: method != .get, at: $1)
    }
    guard isOfThisHistory else {
      throw APIFailure(
        .unavailable, mayHaveTakenEffect: method != .get, text: LeaseTable.historyTrouble.text)
    }
    return record
  }

  /// A call that waits where the server asks us to, if there is time.
  func call(
    _ method: APIClient.Method, _ path: String, query: [(String, String)] = [],
    body: [UInt8]? = nil, lane: APIClient.Lane = .others, limit: Int = APIClient.longestAnswer,
    until deadline: Instant
  ) async throws(APIFailure) -> [UInt8] {
    while true {
      do throws(APIFailure) {
        return try await client.call(
          method, path, query: query, body: body, lane: lane, limit: limit, until: deadline)
      } catch {
        guard error.kind == .throttled, let pause = error.retryAfter,
          Instant.now + pause < deadline
        else { throw error }
        // Where the server does not say how long, or says at once: not in a tight loop.
        let wait = max(pause, .milliseconds(100))
        guard (try? await BootTimer.sleep(for: wait)) != nil else { throw error }
      }
    }
  }

  /// Says what the store's caller wanted when a call came to nothing.
  func attempting<Answer: Sendable>(
    _ action: String, _ body: () async throws(APIFailure) -> Answer
  ) async throws(StoreFailure) -> Answer {
    do throws(APIFailure) {
      return try await body()
    } catch {
      throw StoreFailure(error, action)
    }
  }

  /// A Lease of one of our names that has not our label.
  static func foreign(_ name: String) -> StoreFailure {
    StoreFailure(
      .misconfigured,
      "the Lease \(name) has one of our names and not the label \(Annotations.manager.key)="
        + "\(Annotations.manager.value): it is left alone until it is deleted")
  }

  func sessionIsOver(_ session: SessionID) -> StoreFailure {
    table.say(.sessionEnded(session))
    return StoreFailure(.refused, "session \(session) is over")
  }
}
