import Configuration
import Testing

struct NodeNameTests {
  @Test(arguments: ["a", "node-a", "rack_1.example.org", "7", String(repeating: "a", count: 253)])
  func goodNames(name: String) {
    #expect(NodeName.isValid(name))
  }

  @Test(arguments: ["", ".", "-a", "a-", "a/b", "a b", "é", String(repeating: "a", count: 254)])
  func badNames(name: String) {
    #expect(!NodeName.isValid(name))
  }
}
