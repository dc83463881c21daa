import SeededRandom
import Testing

@testable import YAMLDocuments

struct YAMLReaderTests {
  static func documents(_ text: String) throws(YAMLFault) -> [YAMLNode] {
    try documents(Array(text.utf8))
  }

  static func documents(_ octets: [UInt8]) throws(YAMLFault) -> [YAMLNode] {
    var reader = try YAMLReader(YAMLText(octets))
    var documents: [YAMLNode] = []
    while let document = try reader.next() { documents.append(document) }
    return documents
  }

  static func fault(_ text: String) -> String {
    do throws(YAMLFault) {
      _ = try documents(text)
      return "no fault"
    } catch {
      return (error.place.map { "\($0.line):\($0.column): " } ?? "") + error.words
    }
  }

  private static let two = """
    kind: A
    name: é x
    list: [1, "2", ~]
    ---
    kind: B
    """

  /// The same in every encoding that editors and shells write, with every end of line.
  @Test(arguments: ["\n", "\r\n", "\r"], ["", "\u{feff}"])
  func encodings(end: String, mark: String) throws {
    let text = mark + Self.two.replacing("\n", with: end)
    let expected = try Self.documents(Self.two)
    #expect(expected.count == 2)
    func octets<Unit: FixedWidthInteger>(_ units: some Sequence<Unit>, isBig: Bool) -> [UInt8] {
      units.flatMap { unit in
        unsafe withUnsafeBytes(of: isBig ? unit.bigEndian : unit.littleEndian) { unsafe Array($0) }
      }
    }
    let scalars = text.unicodeScalars.map(\.value)
    for encoded in [
      Array(text.utf8), octets(text.utf16, isBig: false), octets(text.utf16, isBig: true),
      octets(scalars, isBig: false), octets(scalars, isBig: true),
    ] {
      #expect(try Self.documents(encoded) == expected)
    }
  }

  @Test func aMarkMayBeginEachDocument() throws {
    let documents = try Self.documents(
      "\u{feff}kind: A\n\u{feff}---\nkind: B\n---\n\u{feff}kind: C")
    #expect(documents.compactMap { $0.mapping?["kind"]?.scalar?.text } == ["A", "B", "C"])
    #expect(documents.map(\.place.line) == [1, 3, 5])
  }

  @Test(
    arguments: [
      ([0xff, 0xfe, 0x61, 0x00, 0x00], "UTF-16"), ([0xff, 0xfe, 0x00, 0xdc], "UTF-16"),
      ([0x00, 0x00, 0xfe, 0xff, 0x00, 0x11, 0x00, 0x00], "UTF-32"),
      ([0x61, 0x0a, 0xc3], "not UTF-8"),
    ] as [([UInt8], String)])
  func otherOctetsAreRefused(octets: [UInt8], word: String) {
    #expect { try Self.documents(octets) } throws: { error in
      (error as? YAMLFault)?.words.contains(word) == true
    }
  }

  @Test func placesCountCharacters() throws {
    let node = try #require(try Self.documents("a: {é: 'x', b: [1, 22]}\nc:\n- d: e").first)
    let inner = try #require(node.mapping?["a"]?.mapping)
    #expect(
      inner["b"]?.list?.map(\.place) == [Place(line: 1, column: 17), Place(line: 1, column: 20)])
    #expect(inner.entries.map(\.place) == [Place(line: 1, column: 5), Place(line: 1, column: 13)])
    #expect(node.mapping?["c"]?.list?[0].mapping?["d"]?.place == Place(line: 3, column: 6))
  }

  @Test func aliasesAndMergeKeysAreResolved() throws {
    let node = try #require(
      try Self.documents(
        """
        base: &base {a: 1, b: &b 2}
        other: &other {b: 3, c: *b}
        x: {<<: [*base, *other], a: 0, "<<": text}
        y: {<<: *base}
        *b : key
        """
      ).first?.mapping)
    func texts(_ name: String) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: (node[name]?.mapping?.entries ?? []).map {
          ($0.name, $0.value.scalar?.text ?? "")
        })
    }
    #expect(texts("x") == ["<<": "text", "a": "0", "b": "2", "c": "2"])
    #expect(texts("y") == ["a": "1", "b": "2"])
    #expect(node["2"]?.scalar?.text == "key")
  }

  @Test func commentsAreComments() throws {
    let node = try Self.documents(
      "node: a  # all: *, see {a}: b\n# *\n# x}:\n? plain\n: value\nurl: http://x/?a=*b\n"
    ).first
    #expect(node?.mapping?.entries.map(\.name) == ["node", "plain", "url"])
  }

  @Test func whatIsNothing() throws {
    let node = try #require(
      try Self.documents("a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: !!str null\ng: NULL").first)
    let nothing = node.mapping?.entries.filter(\.value.isNull).map(\.name)
    #expect(nothing == ["a", "b", "c", "g"])
    #expect(try Self.documents("---\n# nothing\n---\n~\n...\n").isEmpty)
  }

  @Test func keysWrittenTwiceAreKnown() throws {
    let node = try #require(try Self.documents("a: 1\nb: {c: 1, c: 2}\na: 3").first)
    #expect(node.mapping?.repetitions.map(\.entry.place) == [Place(line: 3, column: 1)])
    #expect(node.mapping?.repetitions.map(\.first) == [Place(line: 1, column: 1)])
    #expect(node.mapping?["a"]?.scalar?.text == "1")
    let nested = try #require(try Self.documents("- x: [{y: {c: 1, c: 2}}]").first)
    #expect(nested.firstRepetition?.entry.name == "c")
    // Beyond the number from which a mapping has an index.
    let keys = (0..<40).map { "k\($0 % 39): \($0)" }.joined(separator: "\n")
    let many = try #require(try Self.documents(keys).first?.mapping)
    #expect(many.entries.count == 39)
    #expect(many.repetitions.map(\.entry.name) == ["k0"])
    #expect(many["k38"]?.scalar?.text == "38")
  }

  @Test(arguments: [
    (
      "a: [b\nc: d",
      "2:2: this is not YAML: did not find expected ',' or ']' while parsing a flow "
        + "sequence that begins on line 1"
    ),
    (
      "a: *b",
      "1:4: the alias `*b` has no anchor before it; write `&b` where its value is, or put the "
        + "text in quotes"
    ),
    (
      "a: &a [*a]",
      "1:8: the alias `*a` has no anchor before it; write `&a` where its value is, or put "
        + "the text in quotes"
    ),
    ("? [a]\n: b", "1:3: a key must be plain text, not a list or a mapping; write the key out"),
    ("{a: 1}: b", "1:1: a key must be plain text, not a list or a mapping; write the key out"),
    ("<<: 3", "1:5: a mapping to merge is expected behind `<<`, not text"),
    (
      "a:\n\tb: c",
      "2:1: this is not YAML: found character that cannot start any token while scanning for "
        + "the next token that begins on line 2; indent with spaces, not with tabs"
    ),
    (
      "a: @b",
      "1:4: this is not YAML: found character that cannot start any token while scanning for the "
        + "next token that begins on line 1; put a value that begins with @ in quotes"
    ),
    (
      "a: b: c",
      "1:5: this is not YAML: mapping values are not allowed in this context; indent the key "
        + "like those around it, or put a value that contains `: ` in quotes"
    ),
    (
      "a: \"b\nc: d",
      "2:5: this is not YAML: found unexpected end of stream while scanning a quoted scalar "
        + "that begins on line 1; close the quotes"
    ),
    (
      "a: \"\\d\"",
      "1:5: this is not YAML: found unknown escape character while parsing a quoted scalar that "
        + "begins on line 1; use single quotes, in which a backslash is only a backslash"
    ),
    (
      "é: \u{1}",
      "1:4: this is not YAML: control characters are not allowed; remove the control character"
    ),
    (
      "ip: {{ .Values.ip }}",
      "1:6: a key must be plain text, not a list or a mapping; this looks like a "
        + "template that was not rendered: write what the template makes of it here"
    ),
    (
      "{{- if .x }}\na: b\n{{- end }}",
      "1:2: a key must be plain text, not a list or a mapping; this looks like a "
        + "template that was not rendered: write what the template makes of it here"
    ),
    ("{\"a\": 1,,}", "1:9: this is not JSON: a key in double quotes is expected"),
  ])
  func faultsHaveAPlaceAndARemedy(text: String, expected: String) {
    #expect(Self.fault(text) == expected)
  }

  @Test func hostileTextsCostNoMoreThanTheirLength() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 {
      let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(items)]\n"
    }
    #expect(Self.fault(bomb).contains("aliases repeat more than 1000000 values; use fewer aliases"))
    #expect(Self.fault(bomb + "? *a11\n: b").contains("aliases repeat more"))
    // Split over documents, each of which would be fair.
    let fair = bomb.split(separator: "\n").prefix(5).joined(separator: "\n")
    let many = Array(repeating: fair, count: 40).joined(separator: "\n---\n")
    #expect(Self.fault(many).contains("aliases repeat more"))
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
      let deep = String(repeating: open, count: 5000) + String(repeating: close, count: 5000)
      #expect(Self.fault("x: " + deep).contains("more than 256 lists and mappings"))
    }
    #expect(Self.fault(String(repeating: "[", count: 5000)).contains("more than 256"))
    #expect(Self.fault(String(repeating: "{\"a\":", count: 5000)).contains("more than 256"))
  }

  /// Any cut and any flipped octet of a text is read or refused, with a place inside the text.
  @Test(arguments: seeds(200))
  func randomDamageIsReadOrRefused(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var octets = Array(
      """
      \u{feff}a: &x {b: [1, 'two', "th\\u0041ree"], c: |
        text
      }
      ---
      {"k": {"l": [1.5e3, true, null, "\\ud83d\\ude00"]}}
      ---
      <<: *x
      """.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let position = Int.random(in: 0..<octets.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: octets[position] = UInt8.random(in: 0...255, using: &random)
      case 1: octets.remove(at: position)
      default: octets.insert("{}[]:,*&\"'\n\t -".utf8.randomElement(using: &random)!, at: position)
      }
    }
    do throws(YAMLFault) {
      _ = try Self.documents(octets)
    } catch {
      #expect(!error.message.isEmpty)
      if let place = error.place {
        #expect(place.line >= 1 && place.column >= 1 && place.line < 30)
      }
    }
  }
}
