import Testing

@testable import YAMLDocuments

struct JSONReaderTests {
  private func texts(_ text: String) throws(YAMLFault) -> [String] {
    try YAMLReaderTests.documents(text).map { $0.yamlText }
  }

  @Test func valuesMayFollowEachOther() throws {
    #expect(
      try texts("{\"a\":1}{\"a\":2}\n{\"a\": 3}\n\n[4]") == ["a: 1\n", "a: 2\n", "a: 3\n", "- 4\n"])
    // Joined by somebody with YAML in mind: read as YAML.
    #expect(try texts("{\"a\": 1}\n---\n{\"a\": 2}\n") == ["a: 1\n", "a: 2\n"])
    #expect(try texts("{a: 1, b: [2, 3,],}") == ["a: 1\nb:\n- 2\n- 3\n"])
  }

  /// What JSON allows and YAML readers stumble over.
  @Test func allOfJSONIsRead() throws {
    let long = String(repeating: "k", count: 2000)
    let text =
      #"{"\#(long)":"v",\#t"s":"\/\u00e9\ud83d\ude00\ud83d|\"\\\b\f\n\r\t","n":-1.5E+3,"k"\#n: {},"t":true,"e":[]}"#
      .replacing("\\#t", with: "\t").replacing("\\#n", with: "\n")
    let mapping = try #require(try YAMLReaderTests.documents(text).first?.mapping)
    #expect(mapping[long]?.scalar?.text == "v")
    #expect(mapping["s"]?.scalar?.text == "/é😀\u{fffd}|\"\\\u{8}\u{c}\n\r\t")
    #expect(mapping["n"]?.scalar == .init("-1.5E+3", isPlain: true))
    #expect(mapping["k"]?.mapping?.entries == [])
    #expect(mapping["e"]?.list == [])
    #expect(mapping["t"]?.place.line == 2)
  }

  @Test func placesCountCharacters() throws {
    let node = try #require(try YAMLReaderTests.documents("[\n {\"é\": \"ü\", \"b\": 1}]").first)
    let entries = try #require(node.list?[0].mapping?.entries)
    #expect(entries.map(\.place) == [Place(line: 2, column: 3), Place(line: 2, column: 13)])
    #expect(entries[1].value.place == Place(line: 2, column: 18))
  }

  @Test(arguments: [
    ("{\"a\": nul}\n{\"b\" 1}", "1:7: this is not JSON: a value is expected"),
    ("{\"a\" 1}", "1:6: this is not JSON: a colon is expected behind a key"),
    ("{\"a\": [1 2}", "1:10: this is not JSON: a comma or `]` is expected"),
    ("{\"a\": [1,", "1:10: this is not JSON: it ends where a value is expected"),
    ("{\"a\": 1", "1:8: this is not JSON: it ends before its `}`"),
    ("{\"a\": \"b", "1:9: this is not JSON: it ends before its closing quotes"),
    ("{\"a\": \"\\x\"", "1:9: this is not JSON: an unknown escape; write a backslash as \\\\"),
    ("[\"\\u12\"", "1:5: this is not JSON: four hexadecimal digits are expected behind \\u"),
  ])
  func faults(text: String, expected: String) {
    #expect(YAMLReaderTests.fault(text) == expected)
  }

  @Test func keysWrittenTwiceAreKnown() throws {
    let node = try #require(try YAMLReaderTests.documents("{\"a\": 1,\n \"a\": 2}").first)
    #expect(node.firstRepetition?.entry.place == Place(line: 2, column: 2))
  }

  /// A file of one long line takes no longer than one of many.
  @Test func aLongLineIsReadInOnePass() throws {
    let text = "[" + Array(repeating: "{\"a\": 1}", count: 200_000).joined(separator: ",") + "]"
    let began = ContinuousClock.now
    let documents = try YAMLReaderTests.documents(text)
    #expect(documents.first?.list?.count == 200_000)
    #expect(ContinuousClock.now - began < .seconds(30))
  }
}
