import Glibc
import Lease
import LeaseLocal
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

/// What people are told of a directory.
struct LocalSurveyTests {
  private let directory = TestDirectory()

  private func store() throws -> LocalLeaseStore {
    try LocalLeaseStore(directory: directory.path, version: "7.7.7")
  }

  private func survey() async throws -> StoreSurvey {
    try await store().survey(within: .seconds(10))
  }

  private func open(_ store: LocalLeaseStore, _ node: String) async throws -> SessionID {
    guard
      case .opened(let id, _) = try await store.open(
        node: node, timeToLive: nil, within: .seconds(5))
    else { throw StoreFailure(.refused, "the name \(node) is taken") }
    return id
  }

  @Test(.timeLimit(.minutes(10)))
  func theStoreKeepsTheContract() async throws {
    try await SurveyContract(
      store(), store(), onlooker: store(), timeToLive: nil, version: "7.7.7"
    ).run()
  }

  /// A file says `held` for ever when its process died; the lock tells.
  @Test(.timeLimit(.minutes(10)))
  func whatAProcessLeftBehindIsNotTold() async throws {
    let a = try store()
    let id = try await open(a, "node-a")
    _ = try await a.acquire([x], for: id, within: .seconds(5))
    let left = contents(directory.claim)
    try await a.close(id, within: .seconds(5))
    #expect(left.contains(#""state":"held""#))
    // As after a crash.
    let file = try #require(try LockedFile.lock(directory.claim))
    try file.write(Array(left.utf8))
    file.unlock()
    #expect(contents(directory.claim).contains(#""state":"held""#))
    #expect(try await survey() == StoreSurvey())
  }

  @Test(.timeLimit(.minutes(10)))
  func aSessionWhoseFileIsGoneIsDeadWhileItsClaimsAreLocked() async throws {
    let a = try store()
    let id = try await open(a, "node-a")
    _ = try await a.acquire([x], for: id, within: .seconds(5))
    try await a.prefer([Preference(address: y, node: "node-b")], by: id, within: .seconds(5))
    #expect(try await survey().preferences == [y: "node-b"])
    deleteFile("\(directory.path)/node-a.session")
    let survey = try await survey()
    let session = try #require(survey.sessions.first)
    #expect(session.id == id && !session.isRecorded && session.endsWithin == nil)
    #expect(survey.claims[x]?.holder.session == id)
    // Its word counts no more.
    #expect(survey.preferences.isEmpty)
    withExtendedLifetime(a) {}
  }

  @Test(.timeLimit(.minutes(10)))
  func aLockWithoutARecordIsForeign() async throws {
    makeDirectory(directory.path)
    let file = try #require(try LockedFile.lock(directory.claim))
    try file.write(Array("hello\n".utf8))
    let survey = try await survey()
    let claim = try #require(survey.claims[x])
    #expect(claim.defect?.contains(directory.claim) == true && survey.sessions.isEmpty)
    withExtendedLifetime(file) {}
  }

  @Test(.timeLimit(.minutes(10)))
  func aDirectoryThatIsTooFullOrGoneIsAFailure() async throws {
    let a = try store()
    let id = try await open(a, "node-a")
    let late = await failure { _ = try await a.survey(within: .zero) }
    #expect(late?.kind == .timedOut)
    try await a.close(id, within: .seconds(5))
    deleteFile("\(directory.path)/node-a.session")
    #expect(unsafe rmdir(directory.path) == 0)
    #expect(unsafe symlink("/proc/nothing", directory.path) == 0)
    let gone = await failure { _ = try await a.survey(within: .seconds(5)) }
    #expect(gone?.kind == .misconfigured && gone?.text.contains(directory.path) == true)
  }
}
