import Foundation
import Testing

/// The references say what the code says. `make docs` writes them anew.
@Suite struct GeneratedPagesTests {
  @Test(arguments: GeneratedPage.all) func isUpToDate(_ page: GeneratedPage) throws {
    let file = Page.root.appending(path: page.path)
    let text = page.text()
    if ProcessInfo.processInfo.environment["ANNOUNCER_WRITE_DOCS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let there = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(there == text, "\(page.path) is stale: run make docs")
  }
}

/// A file that is written from the code.
struct GeneratedPage: Sendable, CustomTestStringConvertible {
  let path: String
  let text: @Sendable () -> String

  var testDescription: String { path }

  static let all = [
    GeneratedPage(path: "docs/configuration.md") { ConfigurationPage.text },
    GeneratedPage(path: "docs/metrics.md") { MetricsPage.text },
    GeneratedPage(path: "manual/announcer.yaml.5") { ManualPage.text },
    GeneratedPage(path: ChartSchema.path) { ChartSchema.text },
  ]
}
