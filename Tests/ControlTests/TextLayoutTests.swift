import Testing

@testable import Control

struct TextLayoutTests {
  @Test(arguments: [
    (0, "0s"), (59, "59s"), (60, "1m"), (61, "1m1s"), (3600, "1h"), (86_399, "23h59m"),
    (86_400, "1d"), (90_000, "1d1h"), (-5, "0s"),
  ])
  func agesHaveTwoUnits(seconds: Int64, text: String) {
    #expect(TextLayout.age(of: ago(seconds), at: noon) == text)
  }

  @Test func textIsWrappedAtSpacesAndInsideLongWords() {
    #expect(
      TextLayout.wrap("one two three four five", width: 20, indent: 4) == [
        "one two three", "four five",
      ])
    #expect(
      TextLayout.wrap("aa \(String(repeating: "x", count: 20))", width: 16, indent: 0) == [
        "aa", String(repeating: "x", count: 16), "xxxx",
      ])
    #expect(TextLayout.wrap("", width: 20, indent: 0) == [""])
    #expect(TextLayout.wrap("any thing", width: nil, indent: 99) == ["any thing"])
  }

  @Test func whatIsCutSaysSo() {
    #expect(TextLayout.cut("abcdef", to: 6) == "abcdef")
    #expect(TextLayout.cut("abcdefg", to: 6) == "abcde…")
    #expect(TextLayout.cut("abc", to: 0) == "")
  }
}
