package import Lease
package import Testing
internal import Wire

/// What the survey of every store promises, whatever it stands on: run against each of them.
package struct SurveyContract<Store: LeaseStore>: Sendable {
  package let first: Store
  package let second: Store
  /// It never opens a session.
  package let onlooker: Store
  /// Nil for a store without TTL.
  package let timeToLive: Duration?
  /// What the stores were told to write of their program; nil where a store has no place for it.
  package let version: String?

  private let limit = Duration.seconds(20)

  package init(
    _ first: Store, _ second: Store, onlooker: Store, timeToLive: Duration?, version: String?
  ) {
    self.first = first
    self.second = second
    self.onlooker = onlooker
    self.timeToLive = timeToLive
    self.version = version
  }

  package func run(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let addresses = [10, 11, 12].map { IPAddress("10.80.8.\($0)")! } + [IPAddress("2001:db8::9")!]
    #expect(
      try await onlooker.survey(within: limit) == StoreSurvey(), sourceLocation: sourceLocation)

    let a = try await open(first, "node-a")
    let b = try await open(second, "node-b")
    let taken = try await first.acquire(Array(addresses[...1]), for: a, within: limit)
    let others = try await second.acquire([addresses[3]], for: b, within: limit)
    try await second.prefer(
      [Preference(address: addresses[1], node: "node-b")], by: b, within: limit)
    let survey = try await onlooker.survey(within: limit)

    // Who holds what, and since when in the order of claims.
    var expected: [IPAddress: Holder] = [:]
    for (answers, node, session) in [(taken, "node-a", a), (others, "node-b", b)] {
      for (address, answer) in answers {
        guard case .acquired(let epoch) = answer else {
          Issue.record("\(address): \(answer)", sourceLocation: sourceLocation)
          continue
        }
        expected[address] = Holder(node: node, session: session, epoch: epoch)
      }
    }
    #expect(survey.claims.mapValues(\.holder) == expected, sourceLocation: sourceLocation)
    #expect(survey.claims.values.allSatisfy { $0.defect == nil && $0.endsWithin == nil })
    #expect(survey.preferences == [addresses[1]: "node-b"], sourceLocation: sourceLocation)
    #expect(survey.troubles.isEmpty, "\(survey.troubles)", sourceLocation: sourceLocation)

    // The sessions, and how long they last.
    let sessions = Dictionary(uniqueKeysWithValues: survey.sessions.map { ($0.id, $0.node) })
    #expect(sessions == [a: "node-a", b: "node-b"], sourceLocation: sourceLocation)
    for session in survey.sessions {
      #expect(session.isRecorded && !session.isOverdue, sourceLocation: sourceLocation)
      #expect(session.timeToLive == timeToLive, sourceLocation: sourceLocation)
      #expect(session.facts.version == version, sourceLocation: sourceLocation)
      guard let timeToLive else { continue }
      let left = try #require(session.endsWithin, sourceLocation: sourceLocation)
      #expect(left > .zero && left <= timeToLive, sourceLocation: sourceLocation)
    }

    // A look changes nothing.
    let picture = try await first.read(within: limit)
    #expect(picture.claims == expected, sourceLocation: sourceLocation)

    // What is given back and what ends is gone.
    try await first.release(
      [ClaimReference(address: addresses[0], epoch: nil)], of: a, within: limit)
    try await second.close(b, within: limit)
    let rest = try await onlooker.survey(within: limit)
    #expect(rest.claims.keys.sorted() == [addresses[1]], sourceLocation: sourceLocation)
    #expect(rest.sessions.map(\.id) == [a], sourceLocation: sourceLocation)
    #expect(rest.preferences.isEmpty, sourceLocation: sourceLocation)
    try await first.close(a, within: limit)
    #expect(
      try await onlooker.survey(within: limit) == StoreSurvey(), sourceLocation: sourceLocation)
  }

  private func open(_ store: Store, _ node: String) async throws -> SessionID {
    let opening = try await store.open(node: node, timeToLive: timeToLive, within: limit)
    guard case .opened(let id, _) = opening else {
      throw StoreFailure(.refused, "\(node): \(opening)")
    }
    return id
  }
}
