import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// Asking an API server what it lets us do.
@Suite(.timeLimit(.minutes(10))) struct RightsReviewTests {
  private let rights = APIRight.needed(
    leases: "kube-system", announcesServices: true, givesAddresses: true)

  /// What the server refuses is listed in the order of the questions, whatever the order of the answers.
  @Test func whatIsRefusedIsListed() async throws {
    let review = try await review { request, exchange in
      exchange.answer(allowed(!request.body.contains("\"patch\"")))
    }
    #expect(review.failure == nil)
    #expect(review.missing == rights.filter { $0.verb == "patch" })
    #expect(review.missing.count > 3)
  }

  /// A busy server completes a few handshakes in time and a crowd of them not at all.
  @Test func noCrowdOfConnectionsIsMade() async throws {
    let (now, most) = (Counter(), Counter())
    _ = try await review { _, exchange in
      most.raise(to: now.add(1))
      try? await Task.sleep(for: .milliseconds(5))
      now.add(-1)
      exchange.answer(allowed(true))
    }
    #expect(most.value == 4)
  }

  @Test func aLostAnswerIsAskedForAgain() async throws {
    let count = Counter()
    let review = try await review { _, exchange in
      // Two of three connections break before the answer.
      if count.add(1) % 3 == 0 { exchange.answer(allowed(true)) } else { exchange.cut() }
    }
    #expect(review.failure == nil)
    #expect(review.missing.isEmpty)
  }

  /// What was refused is said although not all questions have an answer.
  @Test func oneQuestionWithoutAnAnswerHidesNoOther() async throws {
    let review = try await review(within: .seconds(1)) { request, exchange in
      if request.body.contains("\"watch\""), request.body.contains("\"leases\"") {
        await exchange.closed()
      } else {
        exchange.answer(allowed(!request.body.contains("\"events\"")))
      }
    }
    #expect(review.failure != nil)
    #expect(!review.missing.isEmpty)
    #expect(review.missing.allSatisfy { $0.resource == "events" })
  }

  private func review(
    within patience: Duration = .seconds(30), _ answer: @escaping ScriptedAPI.Answer
  ) async throws -> RightsReview {
    let result = Mutex<RightsReview?>(nil)
    try await ScriptedAPI.run(answer: answer) { server in
      let client = try APIClient(access(server.url))
      let review = await client.review(rights, until: .now + patience)
      result.withLock { $0 = review }
    }
    return try #require(result.withLock { $0 })
  }
}

private func allowed(_ isAllowed: Bool) -> String {
  #"{"kind":"SelfSubjectAccessReview","status":{"allowed":\#(isAllowed)}}"#
}

private final class Counter: Sendable {
  private let number = Mutex(0)

  var value: Int { number.withLock { $0 } }
  @discardableResult func add(_ difference: Int) -> Int {
    number.withLock {
      $0 += difference
      return $0
    }
  }
  func raise(to other: Int) { number.withLock { $0 = max($0, other) } }
}
