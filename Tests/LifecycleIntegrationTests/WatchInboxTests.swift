import Testing

@testable import AnnouncerCommand

/// A terminal that stands still takes nothing: the watch keeps the newest news for it, and no more.
struct WatchInboxTests {
  @Test func onlyTheNewestNewsWait() throws {
    let inbox = try WatchInbox()
    for number in 0..<1000 { inbox.post(.trouble("look \(number)")) }
    inbox.post(.screenChanged)
    inbox.post(.trouble("the last"))
    let (events, _) = inbox.wait(for: [])
    let texts = events.map { event in
      switch event {
      case .trouble(let text): text
      case .screenChanged: "screen"
      default: "other"
      }
    }
    #expect(texts == ["screen", "the last"])
  }

  /// A key or a signal that ends the watch is never replaced.
  @Test func theEndIsKept() throws {
    let inbox = try WatchInbox()
    inbox.post(.quit)
    for number in 0..<10 { inbox.post(.trouble("look \(number)")) }
    let (events, _) = inbox.wait(for: [], milliseconds: 0)
    let ends = events.contains { if case .quit = $0 { true } else { false } }
    #expect(ends && events.count == 2)
  }
}
