import KubernetesTestKit
import Testing

@Suite struct JSONTests {
  @Test func keepsWhatItReads() throws {
    let text = #"{"a":[1,-2.5,true,null,"x/\"y"],"b":{},"c":9007199254740993}"#
    #expect(try JSON(parsing: text).text == text)
    #expect(throws: (any Error).self) { try JSON(parsing: #"{"a":"#) }
  }

  @Test func fieldsComeAndGo() {
    var json: JSON = [:]
    json["a"]["b"] = 1
    #expect(json == ["a": ["b": 1]])
    json["a"]["b"] = .null
    #expect(json == ["a": [:]])
    #expect(json["none"]["deeper"] == .null)
  }

  /// The examples of RFC 7386, appendix A, that concern objects.
  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
    (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func merges(_ target: String, _ patch: String, _ result: String) throws {
    #expect(try JSON(parsing: target).merged(with: JSON(parsing: patch)).text == result)
  }
}
