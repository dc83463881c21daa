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
    let known = Set(Self.keys())
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

  /// Longer than every word that the program takes for a slip of the hand: it lists the keys instead.
  private static let nonsense = String(repeating: "z", count: 41)

  /// Every key, as the program itself lists them where an unknown one is written; found section by
  /// section, those in lists with `[]` behind the list's name.
  private static func keys(
    below path: String = "", wrap: (String) -> String = { $0 }
  ) -> [String] {
    let text = wrap("{\(nonsense): 1}")
    guard let fault = faults(text).first(where: { $0.contains("unknown key; the keys here are ") })
    else { return [] }
    return fault.components(separatedBy: "the keys here are ")[1].components(separatedBy: ", ")
      .map { $0.trimmingCharacters(in: ["`"]) }
      .flatMap { key in
        let name = path.isEmpty ? key : "\(path).\(key)"
        return [name]
          + keys(below: name) { wrap("{\(key): \($0)}") }
          + keys(below: "\(name)[]") { wrap("{\(key): [\($0)]}") }
      }
  }
}
