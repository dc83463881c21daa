/// Puts the documents of a text together from its events.
struct YAMLBuilder {
  private enum Level {
    case list([YAMLNode])
    /// `key` is the one whose value comes next; `merges` are the values of `<<`.
    case mapping(YAMLMapping, key: Key?, merges: [YAMLNode])
  }

  private struct Key {
    let name: String
    let place: Place
    /// `<<` without quotes (the merge key of YAML 1.1, which is in use everywhere).
    let isMerge: Bool
  }

  private var levels: [(level: Level, place: Place, anchor: String?)] = []
  private var anchors: [String: YAMLNode] = [:]
  private var repetitions = 0
  /// Where the document begins, its marker included.
  private(set) var documentPlace = Place(line: 1, column: 1)

  /// Takes over an event. The document, once its last event has come.
  mutating func add(_ event: YAMLEvents.Event, at place: Place) throws(YAMLFault) -> YAMLNode? {
    switch event {
    case .documentStart:
      documentPlace = place
      levels = []
      anchors = [:]
      return nil
    case .scalar(let scalar, let anchor):
      if case .mapping(let mapping, nil, let merges)? = levels.last?.level {
        if let anchor { anchors[anchor] = YAMLNode(scalar, at: place) }
        let key = Key(
          name: scalar.text, place: place, isMerge: scalar.isPlain && scalar.text == "<<")
        levels[levels.count - 1].level = .mapping(mapping, key: key, merges: merges)
        return nil
      }
      return try finish(YAMLNode(scalar, at: place), anchor)
    case .alias(let name): return try follow(name, at: place)
    case .listStart(let anchor):
      try open(.list([]), at: place, anchor)
      return nil
    case .mappingStart(let anchor):
      try open(.mapping(YAMLMapping(), key: nil, merges: []), at: place, anchor)
      return nil
    case .listEnd, .mappingEnd:
      guard let (level, place, anchor) = levels.popLast() else { return nil }
      switch level {
      case .list(let list): return try finish(YAMLNode(list, at: place), anchor)
      case .mapping(var mapping, _, let merges):
        for node in merges { try Self.merge(node, into: &mapping) }
        return try finish(YAMLNode(mapping, at: place), anchor)
      }
    case .end: return nil
    }
  }

  private mutating func open(_ level: Level, at place: Place, _ anchor: String?) throws(YAMLFault) {
    if case .mapping(_, nil, _)? = levels.last?.level { throw Self.complexKey(at: place) }
    guard levels.count < YAMLReader.depthLimit else {
      throw YAMLFault(
        "more than \(YAMLReader.depthLimit) lists and mappings are nested in each other", at: place)
    }
    levels.append((level, place, anchor))
  }

  private mutating func follow(_ name: String, at place: Place) throws(YAMLFault) -> YAMLNode? {
    guard let node = anchors[name] else {
      throw YAMLFault(
        "the alias `*\(name)` has no anchor before it",
        suggestion: "write `&\(name)` where its value is, or put the text in quotes", at: place)
    }
    if case .mapping(let mapping, nil, let merges)? = levels.last?.level {
      guard let scalar = node.scalar else { throw Self.complexKey(at: place) }
      let key = Key(name: scalar.text, place: place, isMerge: false)
      levels[levels.count - 1].level = .mapping(mapping, key: key, merges: merges)
      return nil
    }
    repetitions += node.weight
    guard repetitions <= YAMLReader.repetitionLimit else {
      throw YAMLFault(
        "aliases repeat more than \(YAMLReader.repetitionLimit) values",
        suggestion: "use fewer aliases", at: place)
    }
    return try finish(node, nil)
  }

  /// A value is complete: it is the document, or goes into the list or mapping around it.
  private mutating func finish(_ node: YAMLNode, _ anchor: String?) throws(YAMLFault) -> YAMLNode? {
    if let anchor { anchors[anchor] = node }
    guard let last = levels.indices.last else { return node }
    switch levels[last].level {
    case .list(var list):
      levels[last].level = .list([])
      list.append(node)
      levels[last].level = .list(list)
    case .mapping(var mapping, let key?, var merges):
      levels[last].level = .list([])
      if key.isMerge {
        merges.append(node)
      } else {
        mapping.append(YAMLMapping.Entry(key.name, node, at: key.place))
      }
      levels[last].level = .mapping(mapping, key: nil, merges: merges)
    case .mapping(_, nil, _): throw Self.complexKey(at: node.place)
    }
    return nil
  }

  private static func merge(_ node: YAMLNode, into mapping: inout YAMLMapping) throws(YAMLFault) {
    switch node.content {
    case .mapping(let other): mapping.merge(other)
    case .list(let list): for element in list { try merge(element, into: &mapping) }
    case .scalar:
      throw YAMLFault(
        "a mapping to merge is expected behind `<<`, not \(node.kind)", at: node.place)
    }
  }

  private static func complexKey(at place: Place) -> YAMLFault {
    YAMLFault(
      "a key must be plain text, not a list or a mapping", suggestion: "write the key out",
      at: place)
  }
}
