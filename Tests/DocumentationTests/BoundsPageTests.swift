import Foundation
import Testing

/// `docs/design/bounds.md`: every bound has a test, and the test is there.
@Suite struct BoundsPageTests {
  @Test func everyBoundHasItsTest() throws {
    let root = Page.root
    let page = try String(
      contentsOf: root.appending(path: "docs/design/bounds.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    #expect(rows.count >= 15)
    let sources = try FileManager.default.subpathsOfDirectory(
      atPath: root.appending(path: "Tests").path
    ).filter { $0.hasSuffix("Tests.swift") }
    for row in rows {
      let name = try #require(
        row.split(separator: "|").last?.split(separator: "`").dropFirst().first)
      let parts = name.split(separator: "/")
      try #require(parts.count == 2, "\(row)")
      let files = sources.filter { $0.hasSuffix("/\(parts[0]).swift") }
      let isThere = try files.contains { file in
        try String(contentsOf: root.appending(path: "Tests/\(file)"), encoding: .utf8)
          .contains("func \(parts[1])(")
      }
      #expect(isThere, "\(parts[0]) has no test \(parts[1])")
    }
  }
}
