import Testing

@testable import YAMLDocuments

struct YAMLNodeTests {
  private struct Form: Decodable, Equatable {
    struct Inner: Decodable, Equatable {
      let on: Bool?
      let count: Int64?
    }
    let name: String?
    let labels: [String: String]?
    let list: [Inner]?
    let words: [String?]?
  }

  private func decode(_ text: String) throws -> Form {
    let node = try #require(try YAMLReaderTests.documents(text).first)
    return try node.decode(Form.self)
  }

  @Test func plainWordsAreWhatIsExpectedOfThem() throws {
    let form = try decode(
      "name: 0123\nlabels: {on: yes, port: 80, off: 'no'}\nlist: [{on: true, count: -7}, {count: '8'}]\n"
        + "words: [a, ~, null]\nother: {x: []}")
    #expect(form.name == "0123")
    #expect(form.labels == ["on": "yes", "port": "80", "off": "no"])
    #expect(form.list == [.init(on: true, count: -7), .init(on: nil, count: 8)])
    #expect(form.words == ["a", nil, nil])
    #expect(
      try decode("name: ~\nlabels:\nlist: []") == Form(name: nil, labels: nil, list: [], words: nil)
    )
  }

  @Test(arguments: [
    ("name: [a]", "name", Place(line: 1, column: 7)),
    ("list:\n- count: 1\n- count: x", "list.1.count", Place(line: 3, column: 10)),
    ("labels: {a: {}}", "labels.a", Place(line: 1, column: 13)),
    ("list: {a: 1}", "list", Place(line: 1, column: 7)),
    ("- a", "", Place(line: 1, column: 1)),
  ])
  func aMismatchNamesItsPath(text: String, path: String, place: Place) throws {
    let node = try #require(try YAMLReaderTests.documents(text).first)
    do {
      _ = try node.decode(Form.self)
      Issue.record("it was read")
    } catch DecodingError.typeMismatch(_, let context) {
      #expect(context.codingPath.map(\.stringValue).joined(separator: ".") == path)
      #expect(node.deepest(along: context.codingPath).place == place)
    }
  }

  /// What is written can be read, and is the same.
  @Test func whatIsWrittenIsRead() throws {
    let text =
      "a: [1, 'two', \"null\", ~, '', 'on', 'é: # \\ \n x']\n\"k: 1\": {b: {c: []}, d: {}}\n'': |\n  x\n  y\n"
    func bare(_ node: YAMLNode) -> String {
      switch node.content {
      case .scalar(let scalar): node.isNull ? "~" : "<\(scalar.text)>"
      case .list(let list): "[\(list.map(bare).joined(separator: ","))]"
      case .mapping(let mapping):
        "{\(mapping.entries.map { "<\($0.name)>\(bare($0.value))" }.joined(separator: ","))}"
      }
    }
    let node = try #require(try YAMLReaderTests.documents(text).first)
    let again = try #require(try YAMLReaderTests.documents(node.yamlText).first)
    #expect(bare(again) == bare(node))
  }
}
