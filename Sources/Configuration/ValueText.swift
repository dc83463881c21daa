internal import Announcer
internal import YAMLDocuments

extension Value {
  /// One of an enumeration's words.
  func choice<Choice: RawRepresentable<String> & CaseIterable & Equatable>(
    _ type: Choice.Type
  ) -> Choice? {
    guard let text = text() else { return nil }
    let words = type.allCases.map(\.rawValue)
    guard let choice = Choice(rawValue: text) else {
      let nearest = NearestWord.find(text, in: words)
      fail(
        "'\(Self.excerpt(text))' is not possible here",
        suggestion: nearest.map { "did you mean `\($0)`?" } ?? "write \(Self.alternatives(words))")
      return nil
    }
    return choice
  }

  /// Yes or no, as YAML 1.2 writes it.
  func flag() -> Bool? {
    guard let text = text() else { return nil }
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default:
      fail("'\(Self.excerpt(text))' is neither true nor false", suggestion: "write true or false")
      return nil
    }
  }

  /// A duration within a range, or zero where zero has a meaning of its own.
  func duration(in range: ClosedRange<Duration>, orZero: Bool = false) -> Duration? {
    guard let text = text() else { return nil }
    guard let duration = DurationText.parse(text) else {
      let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      fail(
        "'\(Self.excerpt(text))' is not a duration",
        suggestion: isNumber && text.utf8.count < 10
          ? "write \(text)s or \(text)ms" : "write a whole number and a unit: 500ms, 5s or 1m")
      return nil
    }
    guard range.contains(duration) || orZero && duration == .zero else {
      let bounds =
        "\(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
      fail(
        "'\(text)' is out of range", suggestion: "write \(bounds)\(orZero ? ", or 0s for off" : "")"
      )
      return nil
    }
    return duration
  }

  /// A list of interface patterns, not empty.
  func patterns() -> [InterfacePattern]? {
    guard let values = list(example: "[lan0]") else { return nil }
    if values.isEmpty {
      fail("an empty list matches no interface", suggestion: "leave the key out for the default")
    }
    return values.compactMap { $0.pattern() }
  }

  private func pattern() -> InterfacePattern? {
    guard let text = text() else { return nil }
    // An interface name has at most 15 octets; the bound is for the expression's compiler.
    guard text.utf8.count <= 256 else {
      fail("the pattern is longer than 256 characters")
      return nil
    }
    do throws(InterfacePattern.Failure) {
      return try InterfacePattern(text)
    } catch {
      fail(
        text.isEmpty ? error.message : "'\(text)' is not a regular expression: \(error.message)",
        suggestion: text.isEmpty ? "write `.` to match every interface" : nil,
        offset: error.offset)
      return nil
    }
  }

  /// A node's name.
  func nodeName() -> String? {
    guard let text = text() else { return nil }
    if NodeName.isValid(text) { return text }
    fail(
      "'\(Self.excerpt(text))' cannot name a node",
      suggestion: "write letters, digits, '-', '_' and '.', such as node-a")
    return nil
  }

  /// A name for people: not empty, on one line.
  func name(example: String = "ingress") -> String? {
    guard let text = text() else { return nil }
    let isClean = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f }
    if isClean, (1...253).contains(text.utf8.count) { return text }
    fail(
      "'\(Self.excerpt(text))' cannot be a name", suggestion: "write one word, such as \(example)")
    return nil
  }

  /// A path from the root.
  ///
  /// - Parameter limit: how many octets it may have.
  func absolutePath(atMost limit: Int = 4095) -> String? {
    guard let text = text() else { return nil }
    guard text.hasPrefix("/"), !text.utf8.contains(0) else {
      // Somebody may have written the password itself where its file is to be named.
      let quoted =
        "\(path)".lowercased().hasSuffix("passwordfile") ? "it" : "'\(Self.excerpt(text))'"
      fail("\(quoted) is not an absolute path", suggestion: "begin it with /, as in /run")
      return nil
    }
    guard text.utf8.count <= limit else {
      fail("the path has \(text.utf8.count) octets", suggestion: "at most \(limit) fit")
      return nil
    }
    return text
  }

  /// The text as a message may quote it: cut where it is too long for a line, and without a password before a host.
  static func excerpt(_ text: String) -> String {
    let text = UserInformation.removed(from: text)
    return text.count <= 60 ? text : "\(text.prefix(60))…"
  }

  private static func alternatives(_ words: [String]) -> String {
    words.count == 1
      ? words[0] : "\(words.dropLast().joined(separator: ", ")) or \(words[words.count - 1])"
  }
}
