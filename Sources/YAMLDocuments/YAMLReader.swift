/// Reads the documents of a text, one after the other: YAML 1.2 as libyaml has it, or JSON, any number of values one
/// after the other (as `jq '.items[]'` writes them).
///
/// What it costs is bounded by the text's length: aliases may repeat a million values, whatever they are nested in.
package struct YAMLReader: ~Copyable {
  private let text: String
  /// Values of JSON, the last one first; nil where the text is YAML.
  private var values: [YAMLNode]?
  private var events: YAMLEvents
  private var builder = YAMLBuilder()

  /// Values that aliases may repeat in one text.
  package static let repetitionLimit = 1_000_000
  /// Lists and mappings in each other.
  static let depthLimit = 256

  package init(_ text: YAMLText) throws(YAMLFault) {
    self.text = text.text
    values = try Self.json(in: text.text)
    events = try YAMLEvents((values == nil ? text.text : "").utf8)
  }

  /// Nil where the text is not JSON, and may be YAML.
  private static func json(in text: String) throws(YAMLFault) -> [YAMLNode]? {
    let start = text.utf8.first { !JSONReader.isSpace($0) }
    guard start == UInt8(ascii: "{") || start == UInt8(ascii: "[") else { return nil }
    do throws(YAMLFault) {
      return try JSONReader.values(in: text).reversed()
    } catch {
      // A flow mapping of YAML begins alike. What neither of the two can read is what it looks like.
      if isYAML(text) || !JSONReader.looksLikeJSON(text) { return nil }
      throw YAMLFaultWords.explaining(error, in: text)
    }
  }

  /// The next document; nil behind the last. Documents without content are passed over.
  ///
  /// - Throws: where the text cannot be read from here on; nothing follows then.
  package mutating func next() throws(YAMLFault) -> YAMLNode? {
    guard values != nil else { return try Self.next(&events, &builder, text) }
    while let value = values?.popLast() {
      if !value.isNull { return value }
    }
    return nil
  }

  private static func next(
    _ events: inout YAMLEvents, _ builder: inout YAMLBuilder, _ text: String
  ) throws(YAMLFault) -> YAMLNode? {
    while true {
      let (event, place): (YAMLEvents.Event, Place)
      do throws(YAMLSyntaxError) {
        (event, place) = try events.next()
      } catch {
        throw YAMLFaultWords.fault(for: error, in: text)
      }
      if case .end = event { return nil }
      do throws(YAMLFault) {
        if let document = try builder.add(event, at: place), !document.isNull { return document }
      } catch {
        throw YAMLFaultWords.explaining(error, in: text)
      }
    }
  }

  private static func isYAML(_ text: String) -> Bool {
    do throws(YAMLFault) {
      var events = try YAMLEvents(text.utf8)
      var builder = YAMLBuilder()
      while try next(&events, &builder, text) != nil {}
      return true
    } catch {
      return false
    }
  }
}

extension YAMLReader {
  /// The one document of a text; nil where there is none.
  package static func document(_ text: YAMLText) throws(YAMLFault) -> YAMLNode? {
    var reader = try YAMLReader(text)
    let document = try reader.next()
    if document != nil, let second = try reader.next() {
      throw YAMLFault(
        "a second document begins here", suggestion: "keep one document in the file",
        at: reader.values == nil ? reader.builder.documentPlace : second.place)
    }
    return document
  }
}
