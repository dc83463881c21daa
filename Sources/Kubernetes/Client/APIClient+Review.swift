internal import FoundationEssentials
internal import LinuxSystem
package import Time

/// Asking the server what it would let us do.
///
/// Source: Kubernetes documentation, "Authorization", "Checking API access": the review is answered and not kept.
extension APIClient {
  /// Calls at a time. Each beyond them would be one more TLS handshake in the same moment, and a busy machine or
  /// server does not complete a crowd of them in the time that a connection has.
  private static let reviewsAtATime = 4

  /// Asks about each of `rights`, and again where no answer came and there is time.
  package func review(_ rights: [APIRight], until deadline: Instant) async -> RightsReview {
    var results: [Result<Bool, APIFailure>?] = Array(repeating: nil, count: rights.count)
    await withTaskGroup(of: (Int, Result<Bool, APIFailure>).self) { group in
      var next = 0
      func askNext() {
        guard next < rights.count else { return }
        let index = next
        next += 1
        group.addTask { (index, await self.answer(to: rights[index], until: deadline)) }
      }
      for _ in 0..<Self.reviewsAtATime { askNext() }
      for await (index, result) in group {
        results[index] = result
        askNext()
      }
    }
    var review = RightsReview()
    for (right, result) in zip(rights, results) {
      switch result {
      case .success(let isAllowed): if !isAllowed { review.missing.append(right) }
      case .failure(let failure): review.failure = review.failure ?? failure
      case nil: break
      }
    }
    return review
  }

  /// A review changes nothing, so one whose answer was lost is repeated.
  private func answer(
    to right: APIRight, until deadline: Instant
  ) async -> Result<Bool, APIFailure> {
    while true {
      do throws(APIFailure) {
        return .success(try await isAllowed(right, until: deadline))
      } catch {
        let isLost = error.kind == .unreachable || error.kind == .timedOut
        guard isLost, Instant.now + .milliseconds(100) < deadline,
          (try? await Task.sleep(for: .milliseconds(100))) != nil
        else { return .failure(error) }
      }
    }
  }

  private func isAllowed(
    _ right: APIRight, until deadline: Instant
  ) async throws(APIFailure) -> Bool {
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    let parts = right.resource.split(separator: "/", maxSplits: 1).map(String.init)
    let review = AccessReview(
      spec: AccessReview.Spec(
        resourceAttributes: AccessReview.Attributes(
          namespace: right.namespace, verb: right.verb, group: right.group, resource: parts[0],
          subresource: parts.count > 1 ? parts[1] : nil)))
    let body = (try? JSONEncoder().encode(review)).map { Array($0) } ?? []
    let octets = try await call(.post, path, body: body, until: deadline)
    guard let answer = try? JSONDecoder().decode(AccessReview.Answer.self, from: Data(octets))
    else {
      throw APIFailure(
        .unintelligible, status: 200,
        text: "\(action(.post, path)): the answer is no review of an API server's")
    }
    return answer.status.allowed
  }
}

private struct AccessReview: Encodable {
  struct Spec: Encodable { let resourceAttributes: Attributes }

  struct Attributes: Encodable {
    let namespace: String?
    let verb: String
    let group: String
    let resource: String
    let subresource: String?
  }

  struct Answer: Decodable { let status: Status }
  struct Status: Decodable { let allowed: Bool }

  let apiVersion = "authorization.k8s.io/v1"
  let kind = "SelfSubjectAccessReview"
  let spec: Spec
}
