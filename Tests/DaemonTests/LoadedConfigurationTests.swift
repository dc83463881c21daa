import Configuration
import Control
import Testing

@testable import Daemon

/// What a file means beside the configuration in force.
@Suite struct LoadedConfigurationTests {
  private static let text = "node: a\nannouncements: [{addresses: [10.80.8.150-10.80.8.152]}]\n"

  private func compared(_ text: String, to before: String = text) throws -> FileOnDisk {
    let outcome: Result<Configuration, ConfigurationFailure>
    do throws(ConfigurationFailure) {
      outcome = .success(try Configuration.parse(text, file: "a.yaml", hostName: "host-1"))
    } catch {
      outcome = .failure(error)
    }
    return LoadedConfiguration(
      try Configuration.parse(before, file: "a.yaml", hostName: "host-1"), loadedAt: .now
    ).compared(to: FileLook.Finding(outcome: outcome, stamp: nil))
  }

  @Test func otherWordsForTheSameAreNoChange() throws {
    #expect(try compared(Self.text) == FileOnDisk(state: .inForce))
    #expect(try compared("# mine\n" + Self.text + "lease: {}\n") == FileOnDisk(state: .inForce))
  }

  @Test func whatAReloadChangesIsCounted() throws {
    let new = """
      node: a
      announcements: [{addresses: [10.80.8.152-10.80.8.153]}]
      log: {level: debug}
      """
    let found = try compared(new)
    #expect(found.state == .reload)
    #expect(
      found.lines == [
        "`announcements` changed: 1 address added, 2 removed", "`log` changed",
      ])
  }

  @Test func whatNeedsARestartAndWhatIsRefusedIsSaid() throws {
    let other = try compared(Self.text + "lease: {rebalance: gradual}\nlog: {level: debug}\n")
    #expect(other.state == .restart && other.lines.count == 1)
    #expect(other.lines.first?.hasPrefix("`lease` changed in a.yaml") == true)
    let bad = try compared("nodes: a\n")
    #expect(bad.state == .refused)
    #expect(bad.lines == ["a.yaml:1:1: nodes: unknown key; did you mean `node`?"])
  }

  // MARK: Reloads

  private func parsed(_ text: String) throws(ConfigurationFailure) -> Configuration {
    try Configuration.parse(text, file: "a.yaml", hostName: "host-1")
  }

  @Test func aReloadThatIsTakenOverEndsWhatWasSaidOfTheLastOne() throws {
    let start = WallTime(nanoseconds: 1)
    var loaded = LoadedConfiguration(try parsed(Self.text), loadedAt: start)
    let failure = ConfigurationFailure(diagnostics: [
      ConfigurationDiagnostic(file: "a.yaml", place: nil, path: "", message: "is missing")
    ])
    let later = WallTime(nanoseconds: 2)
    #expect(
      loaded.take(.failure(failure), at: later) == .refused(["\(failure)"]))
    #expect(loaded.error == "\(failure)" && !loaded.needsRestart && loaded.loadedAt == start)
    let new = try parsed(Self.text + "log: {level: debug}\n")
    #expect(
      loaded.take(.success(new), at: later)
        == .changed(ConfigurationChanges(added: 0, removed: 0, keys: ["log"])))
    #expect(loaded.error == nil && loaded.loadedAt == later && loaded.configuration == new)
  }

  @Test func nothingOfAFileThatNeedsARestartIsTakenOver() throws {
    let old = try parsed(Self.text)
    var loaded = LoadedConfiguration(old, loadedAt: WallTime(nanoseconds: 1))
    let new = try parsed(Self.text + "lease: {rebalance: gradual}\nlog: {level: debug}\n")
    guard case .refused(let notes) = loaded.take(.success(new), at: .now) else {
      Issue.record("it was taken over")
      return
    }
    #expect(notes.count == 1 && loaded.error == notes[0] && loaded.needsRestart)
    #expect(loaded.configuration == old && loaded.loadedAt == WallTime(nanoseconds: 1))
    _ = loaded.take(.success(old), at: .now)
    #expect(loaded.error == nil && !loaded.needsRestart)
  }
}
