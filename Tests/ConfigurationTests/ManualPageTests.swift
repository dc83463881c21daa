import Configuration
import Foundation
import Testing

/// The manual page announcer.yaml(5) names every key that the program knows, and no other.
@Suite struct ManualPageTests {
  @Test func namesEveryKey() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "manual/announcer.yaml.5"), encoding: .utf8)
    let items = page.split(separator: "\n").filter { $0.hasPrefix(".It Ic ") }.map {
      $0.dropFirst(7)
    }
    let named = Set(items.map(String.init))
    #expect(named.count == items.count, "a key is there twice")
    let known = Set(KnownKeys.all())
    #expect(known.subtracting(named).sorted() == [], "known to the program, not on the page")
    #expect(named.subtracting(known).sorted() == [], "on the page, unknown to the program")
    #expect(known.isSuperset(of: ["log.level", "lease.etcd.passwordFile", "announcements[].name"]))
  }

  /// What the page shows as examples is a configuration.
  @Test func examplesAreGood() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "manual/announcer.yaml.5"), encoding: .utf8)
    let examples = page.components(separatedBy: ".Bd -literal -offset indent\n").dropFirst()
      .map { $0.components(separatedBy: ".Ed\n")[0] }
    #expect(examples.count == 3)
    for example in examples { #expect(faults(example) == []) }
  }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
