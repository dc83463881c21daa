import LANTestKit
import Testing

/// Every command in the documentation, run in the order of its page.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct WalkthroughTests {
  @Test(arguments: Page.all.filter { page in page.blocks.contains { $0.language == "console" } })
  func thePageIsTrue(_ page: Page) async throws {
    try await Walkthrough.go(page)
  }
}
