import Announcer
import Testing

@testable import Control

struct IgnoredFramesTests {
  @Test func everyReasonHasWords() {
    for reason in Reason.allCases {
      #expect(IgnoredFrames.words[reason.name] != nil, "\(reason.name)")
    }
  }

  @Test func whatANewerDaemonKnowsIsShownByItsName() {
    #expect(
      IgnoredFrames.text(["conflict": 2, "of-tomorrow": 1, "stale": 0])
        == "2 frames of stations that claim an address of ours, 1 (of-tomorrow)")
    #expect(IgnoredFrames.text(["stale": 0]) == nil)
  }
}
