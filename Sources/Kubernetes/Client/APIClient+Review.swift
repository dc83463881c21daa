internal import FoundationEssentials
package import Time

/// Asking the server what it would let us do.
///
/// Source: Kubernetes documentation, "Authorization", "Checking API access": the review is answered and not kept.
extension APIClient {
  /// Those of `rights` that the server refuses us, in their order.
  package func missing(
    _ rights: [APIRight], until deadline: Instant
  ) async throws(APIFailure) -> [APIRight] {
    let results = await withTaskGroup(of: (Int, Result<Bool, APIFailure>).self) { group in
      for (index, right) in rights.enumerated() {
        group.addTask {
          do throws(APIFailure) {
            return (index, .success(try await self.isAllowed(right, until: deadline)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var results: [Int: Result<Bool, APIFailure>] = [:]
      for await (index, result) in group { results[index] = result }
      return results
    }
    var missing: [APIRight] = []
    for (index, right) in rights.enumerated() {
      if let isAllowed = try results[index]?.get(), !isAllowed { missing.append(right) }
    }
    return missing
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
