internal import CLibYAML

extension YAMLNode {
  /// As YAML text, in block style. Comments, anchors and the way of quoting are not kept.
  package var yamlText: String {
    var writer = YAMLWriter()
    writer.write(self)
    return writer.text
  }
}

/// Writes a document by way of libyaml's emitter (yaml.h), which knows what needs quotes.
private struct YAMLWriter {
  private(set) var text = ""

  mutating func write(_ node: YAMLNode) {
    unsafe withUnsafeTemporaryAllocation(of: yaml_emitter_t.self, capacity: 1) { memory in
      let emitter = memory.baseAddress!
      guard unsafe yaml_emitter_initialize(emitter) != 0 else { return }
      defer { unsafe yaml_emitter_delete(emitter) }
      unsafe withUnsafeMutablePointer(to: &text) { text in
        unsafe yaml_emitter_set_output(
          emitter,
          { text, octets, count in
            unsafe text!.assumingMemoryBound(to: String.self).pointee +=
              String(decoding: UnsafeBufferPointer(start: octets, count: count), as: UTF8.self)
            return 1
          }, text)
        unsafe yaml_emitter_set_unicode(emitter, 1)
        unsafe yaml_emitter_set_width(emitter, -1)
        var event = unsafe yaml_event_t()
        unsafe yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)
        unsafe yaml_emitter_emit(emitter, &event)
        unsafe yaml_document_start_event_initialize(&event, nil, nil, nil, 1)
        unsafe yaml_emitter_emit(emitter, &event)
        unsafe Self.emit(node, emitter)
        unsafe yaml_document_end_event_initialize(&event, 1)
        unsafe yaml_emitter_emit(emitter, &event)
        unsafe yaml_stream_end_event_initialize(&event)
        unsafe yaml_emitter_emit(emitter, &event)
      }
    }
  }

  private static func emit(_ node: YAMLNode, _ emitter: UnsafeMutablePointer<yaml_emitter_t>) {
    var event = unsafe yaml_event_t()
    switch node.content {
    case .scalar(let scalar):
      // The emitter would take quotes for nothing at all.
      unsafe emit(node.isNull ? YAMLNode.Scalar("~", isPlain: true) : scalar, emitter)
    case .list(let list):
      unsafe yaml_sequence_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE)
      unsafe yaml_emitter_emit(emitter, &event)
      for element in list { unsafe emit(element, emitter) }
      unsafe yaml_sequence_end_event_initialize(&event)
      unsafe yaml_emitter_emit(emitter, &event)
    case .mapping(let mapping):
      unsafe yaml_mapping_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE)
      unsafe yaml_emitter_emit(emitter, &event)
      for entry in mapping.entries {
        // In quotes it is a key like any other; without, a merge key.
        unsafe emit(YAMLNode.Scalar(entry.name, isPlain: entry.name != "<<"), emitter)
        unsafe emit(entry.value, emitter)
      }
      unsafe yaml_mapping_end_event_initialize(&event)
      unsafe yaml_emitter_emit(emitter, &event)
    }
  }

  private static func emit(
    _ scalar: YAMLNode.Scalar, _ emitter: UnsafeMutablePointer<yaml_emitter_t>
  ) {
    var event = unsafe yaml_event_t()
    var octets = Array(scalar.text.utf8)
    let count = octets.count
    octets.append(0)
    // Plain where that is possible: the emitter takes quotes where the text needs them.
    let style = scalar.isPlain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE
    unsafe octets.withUnsafeBufferPointer { octets in
      _ = unsafe yaml_scalar_event_initialize(
        &event, nil, nil, octets.baseAddress, Int32(count), 1, 1, style)
    }
    unsafe yaml_emitter_emit(emitter, &event)
  }
}
