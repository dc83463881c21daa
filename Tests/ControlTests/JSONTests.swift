import Testing

@testable import Control

struct JSONTests {
  @Test func jsonCommandsNoTerminalAndSaysTheSame() throws {
    var status = sample([])
    status.node = "a\u{9b}2J\u{202e}\u{7f}é\u{e0001}\u{1b}"
    let text = JSON.document(status)
    #expect(text.contains(#""a\u009b2J\u202e\u007fé\udb40\udc01\u001b""#))
    #expect(JSON.decode(Status.self, from: Array(text.utf8)) == status)
  }
}
