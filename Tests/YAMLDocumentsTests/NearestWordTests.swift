import Testing

@testable import YAMLDocuments

struct NearestWordTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("adress", "address", 1),
    ("druation", "duration", 1), ("abc", "abc", 0),
  ])
  func theDistanceCountsSlips(left: String, right: String, distance: Int) {
    #expect(NearestWord.distance(left, right) == distance)
    #expect(NearestWord.distance(right, left) == distance)
  }

  @Test func whatIsFarAwayIsNoSuggestion() {
    let words = ["node", "interfaces", "log"]
    #expect(NearestWord.find("interface", in: words) == "interfaces")
    #expect(NearestWord.find("Node", in: words) == "node")
    #expect(NearestWord.find("kubernetes", in: words) == nil)
    #expect(NearestWord.find(String(repeating: "x", count: 1000), in: words) == nil)
  }
}
