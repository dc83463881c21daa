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
    let files = try ProjectFiles()
    for row in rows {
      let name = try #require(
        row.split(separator: "|").last?.split(separator: "`").dropFirst().first)
      #expect(try files.has(test: String(name)), "\(name) is not a test")
    }
  }
}
