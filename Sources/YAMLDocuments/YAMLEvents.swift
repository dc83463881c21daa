internal import CLibYAML

/// What libyaml finds in a text, one event after the other (`yaml_parser_parse`, yaml.h).
@safe struct YAMLEvents: ~Copyable {
  enum Event {
    case documentStart
    case scalar(YAMLNode.Scalar, anchor: String?)
    case alias(String)
    case listStart(anchor: String?)
    case listEnd
    case mappingStart(anchor: String?)
    case mappingEnd
    case end
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutablePointer<UInt8>

  /// - Throws: where there is no memory.
  init(_ octets: String.UTF8View) throws(YAMLFault) {
    let count = octets.count
    unsafe parser = .allocate(capacity: 1)
    unsafe input = .allocate(capacity: max(count, 1))
    guard unsafe yaml_parser_initialize(parser) != 0 else {
      unsafe parser.deallocate()
      unsafe input.deallocate()
      throw YAMLFault("there is no memory to read it", at: nil)
    }
    for (position, octet) in octets.enumerated() { unsafe input[position] = octet }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input, count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event and where it begins.
  mutating func next() throws(YAMLSyntaxError) -> (Event, Place) {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) != 0 else { throw unsafe Self.error(parser) }
      defer { unsafe yaml_event_delete(&event) }
      let place = unsafe Place(event.start_mark)
      switch unsafe event.type {
      case YAML_NO_EVENT, YAML_STREAM_END_EVENT: return (.end, place)
      case YAML_DOCUMENT_START_EVENT:
        return (.documentStart, place)
      case YAML_ALIAS_EVENT:
        return (.alias(unsafe Self.text(event.data.alias.anchor) ?? ""), place)
      case YAML_SCALAR_EVENT:
        let data = unsafe event.data.scalar
        let octets = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
        let scalar = YAMLNode.Scalar(
          unsafe String(decoding: octets, as: UTF8.self),
          isPlain: unsafe data.style == YAML_PLAIN_SCALAR_STYLE && data.tag == nil)
        return (.scalar(scalar, anchor: unsafe Self.text(data.anchor)), place)
      case YAML_SEQUENCE_START_EVENT:
        return (.listStart(anchor: unsafe Self.text(event.data.sequence_start.anchor)), place)
      case YAML_SEQUENCE_END_EVENT: return (.listEnd, place)
      case YAML_MAPPING_START_EVENT:
        return (.mappingStart(anchor: unsafe Self.text(event.data.mapping_start.anchor)), place)
      case YAML_MAPPING_END_EVENT: return (.mappingEnd, place)
      default: continue  // The stream's and the documents' ends say nothing.
      }
    }
  }

  private static func error(_ parser: UnsafeMutablePointer<yaml_parser_t>) -> YAMLSyntaxError {
    let parser = unsafe parser.pointee
    let hasPlace = unsafe parser.error != YAML_READER_ERROR && parser.error != YAML_MEMORY_ERROR
    return YAMLSyntaxError(
      problem: unsafe parser.problem.map { unsafe String(cString: $0) } ?? "it cannot be read",
      context: unsafe parser.context.map { unsafe String(cString: $0) },
      contextPlace: unsafe parser.context == nil ? nil : Place(parser.context_mark),
      place: hasPlace ? unsafe Place(parser.problem_mark) : nil,
      offset: unsafe parser.error == YAML_READER_ERROR ? parser.problem_offset : nil)
  }

  private static func text(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let text = unsafe text else { return nil }
    return unsafe String(decodingCString: text, as: UTF8.self)
  }
}

/// What libyaml says of a text that is not YAML.
struct YAMLSyntaxError: Error {
  let problem: String
  /// What it was reading: "while parsing a block mapping".
  let context: String?
  let contextPlace: Place?
  let place: Place?
  /// Where it has an offset only, in octets.
  let offset: Int?
}

extension Place {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: mark.line + 1, column: mark.column + 1)
  }
}
