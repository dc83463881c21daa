import FoundationEssentials
import Lease
import LeaseLocal
import Testing

struct PreferenceFileTests {
  private let directory = TestDirectory()
  private let mine = PreferenceRecord(preferred: "a", node: "a", session: SessionID("1"))
  private let theirs = PreferenceRecord(preferred: "b", node: "b", session: SessionID("2"))

  private func file() -> PreferenceFile {
    PreferenceFile(path: "\(directory.path)/file", temporary: "\(directory.path)/temporary")
  }

  private var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()) ?? []
  }

  @Test func aRecordIsReadAsItWasWritten() throws {
    makeDirectory(directory.path)
    let file = file()
    #expect(try file.read() == .absent)
    #expect(try file.write(mine, replacing: false))
    #expect(try file.read() == .present(mine))
    #expect(names == ["file"])
  }

  @Test func whoComesSecondFindsOutAndChangesNothing() throws {
    makeDirectory(directory.path)
    let file = file()
    #expect(try file.write(theirs, replacing: false))
    #expect(try !file.write(mine, replacing: false))
    #expect(try file.read() == .present(theirs))
    #expect(names == ["file"])
    #expect(try file.write(mine, replacing: true))
    #expect(try file.read() == .present(mine))
  }

  @Test func onlyWhatWasSeenIsTakenAway() throws {
    makeDirectory(directory.path)
    let file = file()
    try file.remove(.present(mine))
    #expect(try file.write(theirs, replacing: false))
    try file.remove(.present(mine))
    #expect(try file.read() == .present(theirs))
    try file.remove(.present(theirs))
    #expect(names == [])
  }
}
