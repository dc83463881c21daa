/// One `interfaces:` entry: an unanchored regular expression over interface names.
///
/// Unanchored because operators know such patterns from elsewhere: `eth0` also matches `eth0.100`.
package struct InterfacePattern: Sendable {
  /// The expression as it was written.
  package let text: String
  private let syntax: PatternSyntax

  /// A pattern that is no regular expression.
  package struct Failure: Error, Hashable, CustomStringConvertible {
    package let pattern: String
    /// What the expression's parser says, a sentence without a full stop: "expected ')'".
    package let message: String
    /// Where in the pattern, in characters from 0.
    package let offset: Int

    package var description: String {
      "'\(pattern)' is not a regular expression: \(message) at character \(offset + 1)"
    }
  }

  package init(_ text: String) throws(Failure) {
    guard !text.isEmpty else {
      throw Failure(pattern: text, message: "an empty pattern matches every interface", offset: 0)
    }
    do {
      _ = try Regex(text)
    } catch {
      throw Failure(
        pattern: text, message: "\(error)", offset: Self.offset(of: error, in: text))
    }
    do throws(PatternParser.Failure) {
      syntax = try PatternParser.parse(text)
    } catch {
      throw Failure(pattern: text, message: error.message, offset: error.offset)
    }
    self.text = text
  }

  package func matches(_ name: String) -> Bool {
    // A literal name, which most patterns are, needs no expression at all.
    if isLiteral { return name.contains(text) }
    return PatternMatcher.matches(syntax, name)
  }

  /// Whether the pattern names exactly one interface: `^name$`. Such a pattern may name a link
  /// that the rules would otherwise skip.
  package func names(exactly name: String) -> Bool {
    text.hasPrefix("^") && text.hasSuffix("$") && text.dropFirst().dropLast() == name
  }

  /// Whether neither end is tied down, so that longer names match too.
  package var isUnanchored: Bool { !text.hasPrefix("^") || !text.hasSuffix("$") }

  private var isLiteral: Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// The parser's error carries its place, but not in its public interface. The shortest prefix
  /// that fails the same way is the public way to find it, and needs no reflection.
  private static func offset(of error: any Error, in text: String) -> Int {
    let wanted = "\(error)"
    for length in 1...text.count {
      do {
        _ = try Regex(String(text.prefix(length)))
      } catch {
        if "\(error)" == wanted { return length - 1 }
      }
    }
    return text.count - 1
  }
}

extension InterfacePattern: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.text == right.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension InterfacePattern: CustomStringConvertible {
  package var description: String { text }
}
